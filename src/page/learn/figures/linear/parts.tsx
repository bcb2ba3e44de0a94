import { formatWhole, withMinus } from '../../../ui/format.ts';
import { ClassName } from '../../frame/class-name.tsx';
import type { FigureTable } from '../../frame/figure-frame.tsx';
import { trainedOn } from '../../frame/place-words.ts';
import { Slider } from '../../frame/slider.tsx';
import { inLanguage } from '../../frame/words.ts';
import { grid } from '../../model/grid.ts';
import type { Model } from '../../model/use-model.ts';
import { type ClassWeights, type Look, look, OPTIONS, STEPS, wedges } from './classifier.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import type { useTraining } from './use-training.ts';

export const words = inLanguage({ en, ko });

/** Scores that are linear need few nodes: between them they are exact. */
const NODES = grid(41);

export const lookAt = (classes: readonly ClassWeights[]) => (model: Model) => look(model, classes, NODES);

export const fixed = (value: number, digits = 2) => withMinus(value.toFixed(digits));

/** The loss and the points that are right. */
export function Result({ found }: { found: Look | undefined }) {
  const text = words.value;
  const all = `${OPTIONS.data.count}`;
  return (
    <p class="reading result">
      {found ? text.result(found.loss.toFixed(6), `${found.right}`, all) : text.waiting}
    </p>
  );
}

/** What training has done, and its steps. */
export function Steps({ training }: { training: ReturnType<typeof useTraining> }) {
  const text = words.value;
  const { at = 0, report, path, busy, failed } = training;
  const steps = formatWhole(STEPS);
  return (
    <>
      <Slider
        label={text.step}
        text={path ? `${at}` : '–'}
        disabled={!path}
        {...{ value: at, min: 0, max: STEPS, step: 1 }}
        onInput={training.show}
      />
      <p class="hint" role="status">
        {busy && text.training(steps)}
        {failed && text.failed}
        {report && text.trained(steps, trainedOn(report))}
      </p>
    </>
  );
}

/** The classifier in numbers. */
export function tableOf(found: Look | undefined): FigureTable {
  const { heads, none } = words.value;
  const { classes = [] } = found ?? {};
  const angles = found && wedges(classes);
  return {
    heads: [heads.class, heads.x, heads.y, heads.bias, heads.wedge, heads.right],
    rows: classes.map(({ x, y, bias }, label) => [
      <ClassName key={label} label={label} />,
      fixed(x, 3),
      fixed(y, 3),
      fixed(bias, 3),
      angles ? `${fixed(angles[label], 0)}°` : none,
      found ? `${found.rightOf[label]}` : '',
    ]),
  };
}
