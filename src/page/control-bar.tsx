import type { ComponentChildren } from 'preact';
import { formatLoss, formatPercent, formatWhole, threeDigits } from './format.ts';
import type { RunView, Session } from './session.ts';

/** Start, stop and the figures of the moment: always in view. */
export function ControlBar({ session, run, steps }: { session: Session; run: RunView; steps: number }) {
  const { status, latest, stepsPerSecond } = run;
  const training = status === 'training';
  const stopped = ['starting', 'finished', 'failed'].includes(status);
  const atEnd = 'The run is at its last step. Rewind to train again.';
  const starting = status === 'starting';
  const whyNot = status === 'finished' ? atEnd : starting ? 'Training is about to start.' : 'Rewind first.';
  return (
    <section class="bar" aria-label="Training">
      <div class="buttons">
        <Control
          class={status === 'finished' ? undefined : 'primary'}
          icon={training ? 'M3 2h3.5v12H3zM9.5 2H13v12H9.5z' : 'M4 2l10 6-10 6z'}
          unavailable={stopped ? whyNot : undefined}
          title={training ? 'Pause at a whole step' : 'Train to the last step'}
          onPress={() => (training ? session.pause() : session.train())}
        >
          {training ? 'Pause' : 'Train'}
        </Control>
        <Control
          icon="M3 2l8 6-8 6zM11.5 2H14v12h-2.5z"
          unavailable={training ? 'Pause to go step by step.' : stopped ? whyNot : undefined}
          title="Apply one update"
          onPress={() => session.step()}
        >
          Step
        </Control>
        <Control
          class={status === 'finished' ? 'primary' : undefined}
          icon="M13 2L5 8l8 6zM2 2h2.5v12H2z"
          unavailable={
            status === 'untrained' || status === 'preparing' ? 'The run is at its start.' : undefined
          }
          title="Go back to the same initial weights"
          onPress={() => session.rewind()}
        >
          Rewind
        </Control>
      </div>
      <dl class="figures">
        <Figure name="step" width={6}>
          {latest && formatWhole(latest.step)}
        </Figure>
        <Figure name="loss" width={8}>
          {latest && formatLoss(latest.loss)}
        </Figure>
        <Figure name="accuracy" width={7}>
          {latest && formatPercent(latest.accuracy)}
        </Figure>
        <Figure name="steps/s" width={7}>
          {stepsPerSecond !== undefined && threeDigits(stepsPerSecond)}
        </Figure>
      </dl>
      <div class="state">
        <p role="status">{sentence(run, steps)}</p>
        <p class="left">{training && timeLeft(run, steps)}</p>
      </div>
      <progress class="run" max={steps} value={latest?.step ?? 0} aria-label="Steps of the run" />
    </section>
  );
}

/** The state in words, for everyone; it changes only when the state does, so that it can be read out. */
function sentence({ status, latest }: RunView, steps: number): string {
  switch (status) {
    case 'preparing':
      return 'Preparing.';
    case 'untrained':
      return `Untrained. A run is ${formatWhole(steps)} steps.`;
    case 'starting':
      return 'Starting.';
    case 'training':
      return `Training to step ${formatWhole(steps)}.`;
    case 'paused':
      return `Paused at step ${formatWhole(latest?.step ?? 0)} of ${formatWhole(steps)}.`;
    case 'finished':
      return `Finished at step ${formatWhole(steps)}. Rewind to train again.`;
    case 'failed':
      return 'Stopped.';
  }
}

/** In whole seconds, so that it holds still; not part of the status, which is read out. */
function timeLeft({ latest, stepsPerSecond }: RunView, steps: number): string {
  if (!latest || !stepsPerSecond) return '';
  return `about ${formatWhole(Math.ceil((steps - latest.step) / stepsPerSecond))} s left`;
}

interface ControlProps {
  class?: string | undefined;
  /** An SVG path in 16 × 16. */
  icon: string;
  title: string;
  /** Why it cannot be pressed now. It stays focusable, so that the keyboard's place is not lost. */
  unavailable: string | undefined;
  onPress: () => void;
  children: ComponentChildren;
}

function Control({ class: name, icon, title, unavailable, onPress, children }: ControlProps) {
  return (
    <button
      type="button"
      class={name}
      title={unavailable ?? title}
      aria-disabled={unavailable !== undefined}
      onClick={() => {
        if (unavailable === undefined) onPress();
      }}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path fill="currentColor" d={icon} />
      </svg>
      {children}
    </button>
  );
}

/** A figure with room for its longest value, so that the others stay where they are. */
function Figure({ name, width, children }: { name: string; width: number; children: ComponentChildren }) {
  return (
    <div style={{ minWidth: `${width}ch` }}>
      <dt>{name}</dt>
      <dd>{children || '–'}</dd>
    </div>
  );
}
