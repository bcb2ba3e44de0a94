import type { Speed, Timing } from '../run/protocol.ts';
import { texts } from '../texts/texts.ts';
import { ColumnHeads } from '../ui/column-heads.tsx';
import { formatLoss, formatMagnitude, formatWhole, threeDigits } from '../ui/format.ts';

/** What came of it: both backends, and how far their losses are apart. */
export function TimingResult({ timing }: { timing: Timing }) {
  const { timing: words } = texts.value;
  const { gpu, cpu, agreement, rounds } = timing;
  const ratio = gpu.median / cpu.median;
  const { steps, gpuLoss, cpuLoss } = agreement;
  return (
    <>
      <table>
        <caption>{words.caption(rounds)}</caption>
        <ColumnHeads
          names={[
            <span class="hidden">{words.backend}</span>,
            words.median,
            words.spread,
            words.lossAt(formatWhole(steps)),
          ]}
        />
        <tbody>
          <SpeedRow name="GPU" speed={gpu} loss={gpuLoss} />
          <SpeedRow name="CPU" speed={cpu} loss={cpuLoss} />
        </tbody>
      </table>
      <p>
        {ratio >= 1 ? words.gpuFaster(threeDigits(ratio)) : words.cpuFaster(threeDigits(1 / ratio))}{' '}
        {words.differ(formatWhole(steps), formatMagnitude(gpuLoss - cpuLoss))}
      </p>
    </>
  );
}

function SpeedRow({ name, speed, loss }: { name: string; speed: Speed; loss: number }) {
  const { timing: words } = texts.value;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{threeDigits(speed.median)}</td>
      <td>{words.range(threeDigits(speed.min), threeDigits(speed.max))}</td>
      <td>{formatLoss(loss)}</td>
    </tr>
  );
}
