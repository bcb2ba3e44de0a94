import { formatPercent, formatWhole } from '../format.ts';
import { texts } from '../texts/texts.ts';
import type { Insight } from '../worker/protocol.ts';
import { Marker } from './marker.tsx';

/** How often points of each class are taken for each class. */
export function Confusion({ insight }: { insight: Insight | undefined }) {
  const { confusion: words } = texts.value;
  return (
    <details class="confusion" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      {insight ? (
        <div class="matrices">
          <Matrix title={words.train} counts={insight.confusion.train} />
          {insight.confusion.test && <Matrix title={words.test} counts={insight.confusion.test} />}
        </div>
      ) : (
        <p class="hint">{words.none}</p>
      )}
    </details>
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
      <thead>
        <tr>
          <th scope="col">{confusion.corner}</th>
          {all.map((label) => (
            <th key={label} scope="col">
              {heading(label)}
            </th>
          ))}
        </tr>
      </thead>
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
