import type { InsideState } from '../../run/protocol.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { formatMagnitude } from '../../ui/format.ts';
import { Formula } from '../operation/formula.tsx';

/** The largest difference of each tensor from the CPU's float64 step, and its index. */
export function Differences({ state }: { state: InsideState }) {
  const tensors = new Map(state.tensors.map((tensor) => [tensor.name, tensor]));
  const { differences: words } = insideTexts.value;
  const rows = Object.entries(state.differences);
  if (rows.length === 0) return null;
  return (
    <section class="differences" aria-labelledby="differences-title">
      <h2 id="differences-title">{words.title}</h2>
      <p class="remark">{words.what}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.tensor}</th>
            <th scope="col">{words.absolute}</th>
            <th scope="col">{words.at}</th>
            <th scope="col">{words.relative}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, { absolute, relative }]) => {
            const tensor = tensors.get(name);
            const width = tensor?.shape[1] ?? 1;
            const row = Math.floor(absolute.at / width);
            const place = width > 1 ? `${row}, ${absolute.at % width}` : String(row);
            return (
              <tr key={name}>
                <th scope="row">
                  {tensor && <Formula text={tensor.symbol} />} {name}
                </th>
                <td>{formatMagnitude(absolute.value)}</td>
                <td>{absolute.value > 0 ? place : '–'}</td>
                <td>{Number.isFinite(relative.value) ? formatMagnitude(relative.value) : '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
