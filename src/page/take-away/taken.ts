import { joined } from '../session/curve.ts';
import type { Session } from '../session/session.ts';
import { studyOf } from '../settings/study.ts';
import { texts } from '../texts/texts.ts';
import { columnsOf } from '../train/network/columns.ts';
import { runInWords } from '../train/run/about-run.tsx';
import { formatLoss, formatWhole } from '../ui/format.ts';
import { formatScore, scoreNames } from '../ui/score.ts';
import type { Taken } from './pictures/picture.ts';

/**
 * The run at its present step. Of a run that has failed, what the page has drawn last; undefined if
 * there is nothing.
 */
export async function take(session: Session): Promise<Taken | undefined> {
  const { frame } = await session.read();
  const run = session.run.peek();
  const { latest, evidence, insight, tested } = frame ?? run;
  const [settings, data] = [session.settings.peek(), session.data.peek()];
  const { train } = data;
  if (!latest || !train) return undefined;
  const turns = ((frame ?? run).turns ?? []).filter(({ step }) => step <= latest.step);
  return {
    settings,
    data: { ...data, train },
    // A run with turns is no longer one of the notes'.
    study: turns.length > 1 ? undefined : studyOf(settings),
    latest,
    // What came after an earlier step is not taken away with it.
    points: joined(run.points, frame ? [latest] : []),
    testPoints: joined(run.testPoints, tested ? [tested] : (frame?.testPoints ?? [])),
    evidence,
    insight,
    columns: columnsOf(settings, data, insight),
    turns,
    link: session.linkAt(latest.step, turns),
  };
}

/** The step and the figures, such as `step 4,000 · loss 0.246170 · accuracy 98.0 %`. */
export function figuresOf({ settings, latest, testPoints }: Taken): string {
  const { figures } = texts.value.bar;
  const names = scoreNames(settings);
  const test = testPoints[testPoints.length - 1];
  return [
    [figures.step, formatWhole(latest.step)],
    [figures.loss, formatLoss(latest.loss)],
    [names.train, formatScore(latest)],
    ...(test
      ? [
          [figures.testLoss, formatLoss(test.loss)],
          [names.test, formatScore(test)],
        ]
      : []),
  ]
    .map((part) => part.join(' '))
    .join(' · ');
}

/** A few sentences on what a picture shows. */
export function descriptionOf(taken: Taken, title: string): string {
  const { model, data, training } = runInWords(taken.settings, taken.data);
  return `${title}: ${figuresOf(taken)}. ${model}. ${data}. ${training}.`;
}

/** A file's name: the data, the step, and what is in it. */
export function fileName({ settings, latest }: Taken, what: string, ending: string): string {
  const { shape, table } = settings;
  // The name of a person's file, as far as every system takes it in a name.
  const own = table?.name
    .replace(/\.\w+$/, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  const data = (shape === 'table' && own) || shape;
  return `spiralnet-${data}-step-${latest.step}${what && `-${what}`}.${ending}`;
}
