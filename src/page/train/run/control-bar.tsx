import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { address } from '../../session/address.ts';
import type { RunView } from '../../session/run-view.ts';
import type { Session } from '../../session/session.ts';
import { isLoaded, RANGES } from '../../settings/settings.ts';
import { texts } from '../../texts/texts.ts';
import { formatLoss, formatWhole, threeDigits } from '../../ui/format.ts';
import { Lazy } from '../../ui/lazy.tsx';
import { noData } from '../../ui/no-data.ts';
import { formatScore, scoreNames } from '../../ui/score.ts';
import { laterParts, loadLater } from '../later-parts.ts';
import { hasLongSteps, useSlow } from './slow-run.ts';

/** Numbers of steps at a time, beside one step and an epoch. */
const STEPS = [10, 100, 1000] as const;

const loadSlowWork = async () => (await import('./slow-work.tsx')).SlowWork;

/** Start, stop and the figures of the moment: always in view. */
export function ControlBar({ session }: { session: Session }) {
  const { bar: words } = texts.value;
  const run = session.run.value;
  const { stopStep } = session.settings.value;
  const scores = scoreNames(session.settings.value);
  const slowSince = useSlow(run);
  const { latest, stepsPerSecond } = run;
  const { tested: test = run.testPoints[run.testPoints.length - 1] } = run;
  const parts = laterParts.value;
  // The words of a failure come with the later parts, in other views too.
  useEffect(() => {
    if (run.status === 'failed') loadLater();
  }, [run.status]);
  return (
    <section class="bar" aria-label={words.label}>
      <Buttons session={session} />
      <dl class="figures">
        <Figure name={words.figures.step} width={6}>
          {latest && formatWhole(latest.step)}
        </Figure>
        <Figure name={words.figures.loss} width={8}>
          {latest && formatLoss(latest.loss)}
        </Figure>
        <Figure name={scores.train} width={7}>
          {latest && formatScore(latest)}
        </Figure>
        {test && (
          <>
            <Figure name={words.figures.testLoss} width={8}>
              {formatLoss(test.loss)}
            </Figure>
            <Figure name={scores.test} width={7}>
              {formatScore(test)}
            </Figure>
          </>
        )}
        <Figure name={words.figures.speed} width={7}>
          {stepsPerSecond !== undefined && threeDigits(stepsPerSecond)}
        </Figure>
      </dl>
      <div class="state">
        <p role="status">
          {sentence(session)} <span class="hidden">{figuresInWords(run, scores.train)}</span>
        </p>
        {parts && <parts.Announcement run={run} score={scores.train} />}
        <p class="left">{run.status === 'training' && timeLeft(run, stopStep)}</p>
        {parts && <parts.TimeSlider session={session} />}
        {slowSince !== undefined && (
          <Lazy load={loadSlowWork} properties={{ session, since: slowSince }} as="section" />
        )}
      </div>
    </section>
  );
}

function Buttons({ session }: { session: Session }) {
  const { bar: words } = texts.value;
  const { status } = session.run.value;
  const { stopStep, shape } = session.settings.value;
  const steps = useSignal<number>(STEPS[0]);
  const training = status === 'training';
  const whyNot = {
    asking: words.answerFirst,
    empty: isLoaded(shape) ? texts.value.noRows : words.noPoints,
    starting: words.starting,
    finished: words.atEnd,
    failed: words.rewindFirst,
  }[status as string];
  const whyNoStep = training ? words.pauseFirst : status === 'cancelled' ? words.openFirst : whyNot;
  const { stopped } = session.run.value;
  const atLast = status === 'finished' && stopped === 'step' && stopStep < RANGES.stopStep.max;
  /** Rewind is the way on. */
  const ended = status === 'finished' || status === 'failed';
  const atStart = ['asking', 'untrained', 'preparing', 'empty'].includes(status);
  return (
    <div class="buttons">
      <Control
        class={ended ? undefined : 'primary'}
        icon={training ? 'M3 2h3.5v12H3zM9.5 2H13v12H9.5z' : 'M4 2l10 6-10 6z'}
        unavailable={atLast ? undefined : whyNot}
        title={
          training ? words.pauseHint : atLast ? words.trainOnHint(formatWhole(stopStep)) : words.trainHint
        }
        onPress={({ detail }) => {
          if (!training) return atLast ? session.trainOn() : session.train();
          // The second click of a double click must not pause the run that the first one began.
          if (detail !== 2) session.pause();
        }}
      >
        {training ? words.pause : atLast ? words.trainOn : words.train}
      </Control>
      <Control
        icon="M3 2l8 6-8 6zM11.5 2H14v12h-2.5z"
        unavailable={whyNoStep}
        title={words.stepHint}
        onPress={() => session.step(1)}
      >
        {words.step}
      </Control>
      <Control
        class={ended ? 'primary' : undefined}
        icon="M13 2L5 8l8 6zM2 2h2.5v12H2z"
        unavailable={atStart ? words.atStart : undefined}
        title={words.rewindHint}
        onPress={() => session.rewind()}
      >
        {words.rewind}
      </Control>
      <span class="many">
        <select
          aria-label={words.stepsLabel}
          value={steps.value}
          onChange={({ currentTarget }) => {
            steps.value = Number(currentTarget.value);
          }}
        >
          {STEPS.map((count) => (
            <option key={count} value={count}>
              {words.steps(formatWhole(count))}
            </option>
          ))}
          <option value={0}>{words.epoch}</option>
        </select>
        <Control
          unavailable={whyNoStep}
          title={steps.value === 0 ? words.epochHint : words.stepsHint}
          onPress={() => session.step(steps.value || session.epoch)}
        >
          {words.stepsGo}
        </Control>
      </span>
    </div>
  );
}

/**
 * The status in words. It changes with the status alone, so that a screen reader may read it out.
 */
function sentence(session: Session): string {
  const { status, latest, stopped, problem, pausing } = session.run.value;
  const { stopStep, shape } = session.settings.value;
  const words = texts.value;
  // Only the view Train has the plane to click in.
  if (status === 'empty' && (isLoaded(shape) || address.value.view !== 'train')) return noData({ shape });
  if (status === 'training' && pausing && hasLongSteps(session.run.value)) return words.pausing;
  if (status === 'failed') return laterParts.value?.failureInWords(problem) ?? '';
  const { run } = session;
  if (run.value.end !== undefined) return laterParts.value?.lookingBack(run.value) ?? '';
  const state = words.status(
    status,
    formatWhole(latest?.step ?? 0),
    stopStep > 0 ? formatWhole(stopStep) : undefined,
    stopped,
  );
  const restart = laterParts.value?.restartInWords(session);
  return restart ? `${restart} ${state}` : state;
}

/** The figures of a standing run, for screen readers. */
function figuresInWords({ status, latest }: RunView, score: string): string {
  if (!latest || (status !== 'paused' && status !== 'finished')) return '';
  return texts.value.bar.standing(formatLoss(latest.loss), `${score} ${formatScore(latest)}`);
}

/** The time in whole seconds, or minutes. It is not part of the status, which is read out. */
function timeLeft({ latest, stepsPerSecond }: RunView, stopStep: number): string {
  if (!latest || !stepsPerSecond || stopStep === 0) return '';
  const { left, minutesLeft } = texts.value.bar;
  const seconds = (stopStep - latest.step) / stepsPerSecond;
  return seconds < 100
    ? left(formatWhole(Math.ceil(seconds)))
    : minutesLeft(formatWhole(Math.ceil(seconds / 60)));
}

interface ControlProps {
  class?: string | undefined;
  /** An SVG path in 16 × 16. */
  icon?: string;
  title: string;
  /** Why it cannot be pressed now. It stays focusable, so that the keyboard focus is not lost. */
  unavailable: string | undefined;
  onPress: (event: MouseEvent) => void;
  children: ComponentChildren;
}

function Control({ class: name, icon, title, unavailable, onPress, children }: ControlProps) {
  return (
    <button
      type="button"
      class={name}
      title={unavailable ?? title}
      aria-disabled={unavailable !== undefined}
      onClick={(event) => {
        if (unavailable === undefined) onPress(event);
      }}
    >
      {icon && (
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path fill="currentColor" d={icon} />
        </svg>
      )}
      {children}
    </button>
  );
}

/** A figure with room for its longest value, so that the figures beside it do not move. */
function Figure({ name, width, children }: { name: string; width: number; children: ComponentChildren }) {
  return (
    <div style={{ minWidth: `${width}ch` }}>
      <dt>{name}</dt>
      <dd>{children || '–'}</dd>
    </div>
  );
}
