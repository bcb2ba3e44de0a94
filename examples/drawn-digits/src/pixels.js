/** The side of the square to which a drawing is scaled, and that of the picture the network takes. */
const [LARGE, SMALL] = [32, 8];

/**
 * A drawing as the network's digits were made: the part that is drawn on fills a square of 32 × 32 dots,
 * and each of 8 × 8 pixels counts the dots in its block of 4 × 4, from 0 to 16.
 * @param {HTMLCanvasElement} canvas a drawing on a transparent ground
 * @returns {number[] | undefined} 64 numbers; undefined if nothing is drawn
 */
export function pixels(canvas) {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[4 * (y * width + x) + 3] < 128) continue;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x),
        Math.max(bottom, y),
      ];
    }
  }
  if (right < 0) return undefined;
  const side = Math.max(right - left, bottom - top) + 1;
  const dots = document.createElement('canvas');
  dots.width = dots.height = LARGE;
  const context = dots.getContext('2d', { willReadFrequently: true });
  const scale = LARGE / side;
  // In the middle of the square, with its proportions.
  const place = (from, to) => (LARGE - (to - from + 1) * scale) / 2;
  context.drawImage(
    canvas,
    left,
    top,
    right - left + 1,
    bottom - top + 1,
    place(left, right),
    place(top, bottom),
    (right - left + 1) * scale,
    (bottom - top + 1) * scale,
  );
  const drawn = context.getImageData(0, 0, LARGE, LARGE).data;
  const counts = new Array(SMALL * SMALL).fill(0);
  const block = LARGE / SMALL;
  for (let y = 0; y < LARGE; y++) {
    for (let x = 0; x < LARGE; x++) {
      if (drawn[4 * (y * LARGE + x) + 3] >= 128)
        counts[Math.floor(y / block) * SMALL + Math.floor(x / block)]++;
    }
  }
  return counts;
}
