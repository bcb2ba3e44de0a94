import { type LegendEntry, type Picture, WIDTH } from './picture.ts';
import { FONT, linesOf, textWidth } from './text-width.ts';

/** Pixels around everything. */
const MARGIN = 16;
/** Pixels of a line of the legend, and of a note. */
const LEGEND_LINE = 24;
const NOTE_LINE = 18;
/** Pixels of a mark, after it, and between two entries. */
const MARK = 24;
const AFTER_MARK = 6;
const BETWEEN = 18;

/** The width of a whole picture. */
export const SHEET_WIDTH = WIDTH + 2 * MARGIN;

interface Props {
  picture: Picture;
  /** What is told below the title, such as the step; without it there is no title either. */
  figures: string | undefined;
}

/** A picture with its title and legend. */
export function Sheet({ picture, figures }: Props) {
  const { title, legend, content, note } = picture;
  const titleHeight = figures === undefined ? 0 : 48;
  const entries = flow(legend);
  const legendHeight = entries.length > 0 ? entries[entries.length - 1].y + LEGEND_LINE + 8 : 0;
  const top = titleHeight + legendHeight;
  const notes = note ? linesOf(note, WIDTH) : [];
  const height = top + picture.height + notes.length * NOTE_LINE + 2 * MARGIN;
  return (
    <svg
      class="chart"
      role="img"
      aria-label={title}
      width={SHEET_WIDTH}
      height={height}
      viewBox={`0 0 ${SHEET_WIDTH} ${height}`}
      font-family={FONT}
    >
      <rect class="ground" width={SHEET_WIDTH} height={height} />
      <g transform={`translate(${MARGIN} ${MARGIN})`}>
        {figures !== undefined && (
          <>
            <text class="strong" y="14" font-size="15" font-weight="600">
              {title}
            </text>
            <text y="34">{figures}</text>
          </>
        )}
        <g transform={`translate(0 ${titleHeight})`}>
          {entries.map(({ entry, x, y }) => (
            <g key={entry.text} transform={`translate(${x} ${y})`}>
              <g transform={`translate(${MARK / 2} ${LEGEND_LINE / 2})`}>{entry.mark}</g>
              <text class="strong" x={MARK + AFTER_MARK} y={LEGEND_LINE / 2 + 4}>
                {entry.text}
              </text>
            </g>
          ))}
        </g>
        <g transform={`translate(0 ${top})`}>{content}</g>
        {notes.map((line, i) => (
          <text key={line} y={top + picture.height + (i + 1) * NOTE_LINE}>
            {line}
          </text>
        ))}
      </g>
    </svg>
  );
}

/** Puts entries side by side, and into the next line where there is no room. */
function flow(legend: readonly LegendEntry[]): { entry: LegendEntry; x: number; y: number }[] {
  let [x, y] = [0, 0];
  return legend.map((entry) => {
    const width = MARK + AFTER_MARK + textWidth(entry.text);
    if (x > 0 && x + width > WIDTH) [x, y] = [0, y + LEGEND_LINE];
    const placed = { entry, x, y };
    x += width + BETWEEN;
    return placed;
  });
}
