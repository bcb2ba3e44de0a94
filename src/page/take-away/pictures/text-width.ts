/** The typefaces of a picture, of which every system has one. */
export const FONT = 'system-ui, "Segoe UI", "Helvetica Neue", Arial, "Noto Sans KR", sans-serif';

const context = new OffscreenCanvas(1, 1).getContext('2d');

/** Pixels that a text takes here; other systems' typefaces are a little narrower or wider. */
export function textWidth(text: string, size = 12, weight = 400): number {
  if (!context) return text.length * size;
  context.font = `${weight} ${size}px ${FONT}`;
  return context.measureText(text).width;
}

/** Breaks a text into lines of at most a width. */
export function linesOf(text: string, width: number, size = 12): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
