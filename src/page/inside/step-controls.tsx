import type { Operation } from '../../index.ts';
import type { InsideState } from '../run/protocol.ts';
import type { Session } from '../session/session.ts';
import { PLANS } from '../settings/settings.ts';
import { insideTexts } from '../texts/inside/inside.ts';
import { settingsTexts } from '../texts/settings/settings.ts';
import { formatWhole } from '../ui/format.ts';

interface Props {
  session: Session;
  state: InsideState;
  at: number;
  onGo: (to: number) => void;
}

/** Buttons that move through the step, and on to the next step. */
export function StepControls({ session, state, at, onGo }: Props) {
  const { controls: words } = insideTexts.value;
  const { operations, step, plan } = state;
  const { status } = session.run.value;
  const last = operations.length - 1;
  const end = (phase: Operation['phase']) =>
    operations.findLastIndex((operation) => operation.phase === phase);
  const moves: [label: string, to: number, possible: boolean][] = [
    [words.start, 0, at > 0],
    [words.back, at - 1, at > 0],
    [words.next, at + 1, at < last],
    [words.forward, end('forward'), at !== end('forward')],
    [words.backward, end('backward'), at !== end('backward')],
    [words.update, end('update'), at !== end('update')],
  ];
  const standing = ['untrained', 'paused'].includes(status);
  return (
    <section class="step-controls" aria-label={words.label}>
      {moves.map(([label, to, possible]) => (
        <button
          key={label}
          type="button"
          class="small"
          title={[words.back, words.next].includes(label) ? words.keys : undefined}
          aria-disabled={!possible}
          onClick={() => possible && onGo(to)}
        >
          {label}
        </button>
      ))}
      {status === 'training' ? (
        <button type="button" class="small" title={words.readHint} onClick={() => session.goInside()}>
          {words.read}
        </button>
      ) : (
        <button
          type="button"
          class="small"
          title={words.wholeHint}
          aria-disabled={!standing}
          onClick={() => standing && session.step(1)}
        >
          {words.whole}
        </button>
      )}
      <label>
        {words.plan}{' '}
        <select
          value={session.settings.value.plan}
          onChange={({ currentTarget }) =>
            session.change({ plan: PLANS.find((plan) => plan === currentTarget.value) ?? 'auto' }, 'inside')
          }
        >
          {PLANS.map((plan) => (
            <option key={plan} value={plan}>
              {settingsTexts.value.plans[plan]}
            </option>
          ))}
        </select>
      </label>
      <p role="status">
        {words.status(`${formatWhole(step)} → ${formatWhole(step + 1)}`, at + 1, operations.length, plan)}
      </p>
    </section>
  );
}
