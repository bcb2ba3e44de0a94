import type { Precision } from '../index.ts';
import { formatLoss, formatMagnitude, formatWhole, threeDigits } from './format.ts';
import type { AdapterReport, Speed, Timing, TimingStatus } from './protocol.ts';

interface Props {
  adapter: AdapterReport | undefined;
  precision: Precision;
  status: TimingStatus;
  training: boolean;
  onTime: () => void;
  onCancel: () => void;
}

/** The precision of both, in words. */
const BOTH: Record<Precision, string> = {
  single: 'in single precision on both',
  double: 'in double precision on both, double-single arithmetic on the GPU and float64 on the CPU',
};

/** How fast the GPU and the CPU do the same work. */
export function TimingPanel({ adapter, precision, status, training, onTime, onCancel }: Props) {
  const running = status.state === 'running';
  return (
    <section class="timing" aria-labelledby="timing-title">
      <h2 id="timing-title">GPU against CPU</h2>
      {adapter?.backend === 'cpu' ? (
        <p>There is nothing to compare: without WebGPU, training runs on the CPU only.</p>
      ) : (
        <>
          <p>
            The same model from the same weights, {BOTH[precision]}, timed in turns on this machine. It is
            done after each run, too.
          </p>
          <p class="timing-control">
            {running ? (
              <button type="button" onClick={onCancel}>
                Cancel timing
              </button>
            ) : (
              <button type="button" disabled={training || !adapter} onClick={onTime}>
                Time both
              </button>
            )}
            <TimingProgress status={status} training={training} />
          </p>
          {status.state === 'done' && <TimingResult timing={status.timing} />}
        </>
      )}
      {status.state === 'done' && adapter?.software && (
        <p class="remark">
          {adapter.name} is a program on the CPU, not a GPU: this compares two ways of computing on the CPU.
        </p>
      )}
    </section>
  );
}

function TimingProgress({ status, training }: { status: TimingStatus; training: boolean }) {
  if (status.state === 'running') {
    return (
      <>
        <progress max={1} value={status.progress} aria-label="Timing" />
        <span class="quiet">{status.what}</span>
      </>
    );
  }
  if (status.state === 'failed') {
    const { happened, advice } = status.problem;
    return (
      <span role="alert">
        {happened} There is no timing. {advice}
      </span>
    );
  }
  return training ? <span class="quiet">Pause first: training would slow it down.</span> : null;
}

function TimingResult({ timing }: { timing: Timing }) {
  const { gpu, cpu, agreement, rounds } = timing;
  const ratio = gpu.median / cpu.median;
  const { steps, gpuLoss, cpuLoss } = agreement;
  return (
    <>
      <table>
        <caption>Steps per second, {rounds} rounds each</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Backend</span>
            </th>
            <th scope="col">median</th>
            <th scope="col">slowest to fastest</th>
            <th scope="col">loss at step {formatWhole(steps)}</th>
          </tr>
        </thead>
        <tbody>
          <SpeedRow name="GPU" speed={gpu} loss={gpuLoss} />
          <SpeedRow name="CPU" speed={cpu} loss={cpuLoss} />
        </tbody>
      </table>
      <p>
        {ratio >= 1
          ? `The GPU is ${threeDigits(ratio)} times as fast as the CPU on this model. `
          : `The CPU is ${threeDigits(1 / ratio)} times as fast as the GPU on this model. `}
        After {formatWhole(steps)} steps their losses differ by {formatMagnitude(gpuLoss - cpuLoss)}.
      </p>
    </>
  );
}

function SpeedRow({ name, speed, loss }: { name: string; speed: Speed; loss: number }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{threeDigits(speed.median)}</td>
      <td>
        {threeDigits(speed.min)} to {threeDigits(speed.max)}
      </td>
      <td>{formatLoss(loss)}</td>
    </tr>
  );
}
