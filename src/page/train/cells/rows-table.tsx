import type { Cell, CellRows } from '../../run/protocol.ts';
import type { Session } from '../../session/session.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { formatFeature } from '../../ui/feature-value.ts';
import { formatPercent, formatSigned, formatWhole } from '../../ui/format.ts';
import { Marker } from '../../ui/marker.tsx';
import { Scroll } from '../../ui/scroll.tsx';
import { featuresOf } from './features-of.ts';

/** The most features of a row that are listed. */
const MOST_FEATURES = 100;

interface Props {
  session: Session;
  data: StudyData;
  cell: Cell;
  listed: CellRows;
}

/** Rows of features, with what the network gives their class and the one it takes them for. */
export function RowsTable({ session, data, cell: { part, label, taken }, listed }: Props) {
  const words = laterTexts.value.confusion.list;
  const scored = session.settings.value.loss === 'hinge';
  const inputs = data.inputs.slice(0, MOST_FEATURES);
  const told = label === taken ? [label] : [label, taken];
  const output = scored ? formatSigned : (value: number) => formatPercent(value);
  const rows = data.loaded?.rows;
  const input = (value: number, feature: number) =>
    rows ? formatFeature(rows, feature, value) : formatSigned(value);
  return (
    <>
      {part === 'train' && <p class="hint">{words.pressRow}</p>}
      <Scroll label={words.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.number}</th>
              {told.map((label) => (
                <th key={label} scope="col">
                  <Marker label={label} /> {classNameOf(data, label)}
                </th>
              ))}
              {inputs.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from(listed.rows, (row, i) => (
              <tr key={row}>
                <th scope="row">
                  {part === 'train' ? (
                    <button
                      type="button"
                      class="small"
                      aria-label={words.followRow(formatWhole(row))}
                      title={words.followRow(formatWhole(row))}
                      onClick={() => session.follow(row)}
                    >
                      {formatWhole(row)}
                    </button>
                  ) : (
                    formatWhole(row)
                  )}
                </th>
                {told.map((label) => (
                  <td key={label}>{output(listed.outputs[i * data.outputs + label])}</td>
                ))}
                {Array.from(featuresOf(data, part, row).subarray(0, MOST_FEATURES), (value, k) => (
                  <td key={inputs[k]}>{input(value, k)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {data.inputs.length > MOST_FEATURES && (
        <p class="hint">{words.features(formatWhole(data.inputs.length - MOST_FEATURES))}</p>
      )}
    </>
  );
}
