import type { BackendSpeed, Timing, TimingStatus } from '../../run/protocol.ts';
import type { Session } from '../../session/session.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { adapterName } from '../../ui/adapter-name.ts';
import { ColumnHeads } from '../../ui/column-heads.tsx';
import { formatLoss, formatMagnitude, formatWhole, threeDigits } from '../../ui/format.ts';
import { CpuOffer } from './cpu-offer.tsx';

/** The speed of GPU and CPU on the same work. */
export function TimingPanel({ session }: { session: Session }) {
  const { timing: words } = laterTexts.value;
  const adapter = session.adapter.value;
  const { timing: status, status: state } = session.run.value;
  const { precision } = session.settings.value;
  const running = status.state === 'running';
  const ready = ['untrained', 'paused', 'finished'].includes(state);
  return (
    <section class="timing" aria-labelledby="timing-title">
      <h2 id="timing-title">{words.title}</h2>
      {adapter?.backend === 'cpu' && adapter.reason !== 'faster' ? (
        <p>{words.nothing}</p>
      ) : (
        <>
          <p>{words.what[precision]}</p>
          <p class="timing-control">
            {running ? (
              <button type="button" onClick={() => session.pause()}>
                {words.cancel}
              </button>
            ) : (
              <button type="button" disabled={!ready || !adapter} onClick={() => session.time()}>
                {words.start}
              </button>
            )}
            <TimingProgress status={status} training={state === 'training'} />
          </p>
          {status.state === 'done' && adapter?.software && <p>{words.software(adapterName(adapter))}</p>}
          {status.state === 'done' && <TimingResult timing={status.timing} />}
          <CpuOffer session={session} />
        </>
      )}
    </section>
  );
}

function TimingProgress({ status, training }: { status: TimingStatus; training: boolean }) {
  const { timing: words, problems } = laterTexts.value;
  if (status.state === 'running') {
    const { progress, round, rounds } = status;
    return (
      <>
        <progress max={1} value={progress} aria-label={words.progress} />
        <span class="quiet">{round === 0 ? words.warming : words.round(round, rounds)}</span>
      </>
    );
  }
  if (status.state === 'failed') {
    return (
      <span role="alert">
        {problems.happened(status.problem)} {words.failed} {problems.advice[status.problem.kind]}
      </span>
    );
  }
  return training ? <span class="quiet">{words.pauseFirst}</span> : null;
}

/** The result: both backends' speeds, and the difference of their losses. */
function TimingResult({ timing }: { timing: Timing }) {
  const { timing: words } = laterTexts.value;
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

function SpeedRow({ name, speed, loss }: { name: string; speed: BackendSpeed; loss: number }) {
  const { timing: words } = laterTexts.value;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{threeDigits(speed.median)}</td>
      <td>{words.range(threeDigits(speed.min), threeDigits(speed.max))}</td>
      <td>{formatLoss(loss)}</td>
    </tr>
  );
}
