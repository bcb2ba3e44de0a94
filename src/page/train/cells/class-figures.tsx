import type { StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { ColumnHeads } from '../../ui/column-heads.tsx';
import { formatPercent, formatWhole } from '../../ui/format.ts';
import { Marker } from '../../ui/marker.tsx';
import { figuresOf } from './figures.ts';

interface Props {
  /** What the rows are. */
  title: string;
  /** `classes × classes`, row by true class. */
  counts: Uint32Array;
  data: StudyData;
}

/** Precision, recall and the number of rows of each class. */
export function ClassFigures({ title, counts, data }: Props) {
  const { confusion: words } = laterTexts.value;
  return (
    <details class="per-class">
      <summary>{words.perClass}</summary>
      <p class="hint">{words.perClassHint}</p>
      <table>
        <caption>{title}</caption>
        <ColumnHeads names={[words.class, words.rows, words.precision, words.recall]} />
        <tbody>
          {figuresOf(counts).map(({ rows, precision, recall }, label) => (
            <tr key={label}>
              <th scope="row">
                <Marker label={label} /> {classNameOf(data, label)}
              </th>
              <td>{formatWhole(rows)}</td>
              <td>{precision === undefined ? '–' : formatPercent(precision)}</td>
              <td>{recall === undefined ? '–' : formatPercent(recall)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
