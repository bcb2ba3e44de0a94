import { formatMagnitude, formatPercent, formatWhole, threeDigits } from '../format.ts';
import { texts } from '../texts/texts.ts';
import type { Insight } from '../worker/protocol.ts';

/** Norms of weights, gradients and updates, and dead units, layer by layer. */
export function LayersTable({ insight }: { insight: Insight | undefined }) {
  const { norms: words, confusion } = texts.value;
  return (
    <details class="layers-table" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      {insight ? (
        <table>
          <caption>{words.caption(formatWhole(insight.step))}</caption>
          <thead>
            <tr>
              {(['layer', 'weights', 'gradient', 'ratio', 'dead'] as const).map((column) => (
                <th key={column} scope="col">
                  {words[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {insight.layers.map(({ weights, gradient, update, dead }, layer) => (
              <tr key={layer}>
                <th scope="row">
                  {layer === insight.layers.length - 1 ? words.last : texts.value.network.hidden(layer + 1)}
                </th>
                <td>{threeDigits(weights)}</td>
                <td>{formatMagnitude(gradient)}</td>
                <td>{weights > 0 ? formatMagnitude(update / weights) : '–'}</td>
                <td>{dead === undefined ? '–' : formatPercent(dead)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p class="hint">{confusion.none}</p>
      )}
    </details>
  );
}
