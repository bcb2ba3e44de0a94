import type { Insight } from '../../run/protocol.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { ColumnHeads } from '../../ui/column-heads.tsx';
import { formatMagnitude, formatPercent, formatWhole, threeDigits } from '../../ui/format.ts';

/** Norms of weights, gradients and updates, and dead units, layer by layer. */
export function LayersTable({ insight, empty }: { insight: Insight | undefined; empty: string | undefined }) {
  const { norms: words, confusion } = laterTexts.value;
  return (
    <details class="layers-table" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      {insight ? <LayerNorms insight={insight} /> : <p class="hint">{empty ?? confusion.none}</p>}
    </details>
  );
}

/** A row for each layer. */
function LayerNorms({ insight }: { insight: Insight }) {
  const { norms: words } = laterTexts.value;
  return (
    <table>
      <caption>{words.caption(formatWhole(insight.step))}</caption>
      <ColumnHeads names={[words.layer, words.weights, words.gradient, words.ratio, words.dead]} />
      <tbody>
        {insight.layers.map(({ weights, gradient, update, dead }, layer) => (
          <tr key={layer}>
            <th scope="row">
              {layer < insight.layers.length - 1
                ? laterTexts.value.network.hidden(layer + 1)
                : insight.values
                  ? words.value
                  : words.last}
            </th>
            <td>{threeDigits(weights)}</td>
            <td>{formatMagnitude(gradient)}</td>
            <td>{weights > 0 ? formatMagnitude(update / weights) : '–'}</td>
            <td>{dead === undefined ? '–' : formatPercent(dead)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
