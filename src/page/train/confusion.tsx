import type { Insight } from '../run/protocol.ts';
import { texts } from '../texts/texts.ts';
import { ColumnHeads } from '../ui/column-heads.tsx';
import { formatPercent, formatWhole } from '../ui/format.ts';
import { Marker } from '../ui/marker.tsx';

/** The number of points of each class that the network takes for each class. */
export function Confusion({ insight, empty }: { insight: Insight | undefined; empty: boolean }) {
  const { confusion: words, noPoints } = texts.value;
  return (
    <details class="confusion" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      {insight ? (
        <ConfusionMatrices {...insight.confusion} />
      ) : (
        <p class="hint">{empty ? noPoints : words.none}</p>
      )}
    </details>
  );
}

/** A table of the training points and, if there are any, one of the test points. */
function ConfusionMatrices({ train, test }: Insight['confusion']) {
  const { confusion: words } = texts.value;
  return (
    <div class="matrices">
      <Matrix title={words.train} counts={train} />
      {test && <Matrix title={words.test} counts={test} />}
    </div>
  );
}

function Matrix({ title, counts }: { title: string; counts: Uint32Array }) {
  const { confusion, regions } = texts.value;
  const classes = Math.sqrt(counts.length);
  const all = Array.from({ length: classes }, (_, label) => label);
  const heading = (label: number) => (
    <>
      <Marker label={label} />
      <span class="hidden">{regions.className(label)}</span>
    </>
  );
  return (
    <table class="matrix">
      <caption>{title}</caption>
      <ColumnHeads names={[confusion.corner, ...all.map(heading)]} />
      <tbody>
        {all.map((label) => {
          const row = counts.subarray(label * classes, (label + 1) * classes);
          const sum = row.reduce((sum, count) => sum + count, 0);
          return (
            <tr key={label}>
              <th scope="row">{heading(label)}</th>
              {all.map((taken) => (
                <td
                  key={taken}
                  class={taken === label ? 'right' : undefined}
                  style={{ '--share': sum > 0 ? row[taken] / sum : 0 }}
                  title={sum > 0 ? formatPercent(row[taken] / sum) : undefined}
                >
                  {formatWhole(row[taken])}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
