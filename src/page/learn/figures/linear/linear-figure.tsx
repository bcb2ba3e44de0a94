import { useMemo, useState } from 'preact/hooks';
import { formatWhole } from '../../../ui/format.ts';
import { Marker } from '../../../ui/marker.tsx';
import { Bar } from '../../frame/bar.tsx';
import type { FigureProps } from '../../frame/figure.ts';
import { FigureFrame } from '../../frame/figure-frame.tsx';
import { useIntro } from '../../frame/intro.ts';
import { Slider } from '../../frame/slider.tsx';
import { POINTS } from '../../model/grid.ts';
import { useModel } from '../../model/use-model.ts';
import { type ClassWeights, OPTIONS, START, STEPS, scoresAt } from './classifier.ts';
import { LinearPlane } from './linear-plane.tsx';
import { fixed, lookAt, Result, Steps, tableOf, words } from './parts.tsx';
import { useTraining } from './use-training.ts';

/** A point in the middle of an arm. */
const ROW = 150;
const LARGEST_BIAS = 2;
const LARGEST_SCORE = 4;
/** Milliseconds in which an arrow goes round once by itself. */
const ROUND = 3000;

/** The linear classifier: its weights and biases to move, and 200 steps of training. */
export function LinearFigure({ seen }: FigureProps) {
  const { title, caption, keys, ...text } = words.value;
  const [own, setOwn] = useState(START);
  const [row, setRow] = useState(ROW);
  const training = useTraining(seen);
  const intro = useIntro(seen, ROUND, (part) => setOwn(turned(2 * Math.PI * part)));
  const classes = training.shown ?? own;
  const compute = useMemo(() => lookAt(classes), [classes]);
  const found = useModel(seen, OPTIONS, compute);
  const change = (next: readonly ClassWeights[]) => {
    intro.stop();
    training.stop();
    setOwn(next);
  };
  const { x, y, label } = POINTS[row];
  const point = text.rowOf(`${row + 1}`, label);
  return (
    <FigureFrame
      title={title}
      caption={caption}
      keys={keys}
      onReset={() => change(START)}
      table={tableOf(found)}
    >
      <LinearPlane classes={classes} evidence={found?.evidence} row={row} words={text} onChange={change} />
      <Result found={found} />
      <button
        type="button"
        class="small"
        aria-disabled={training.busy}
        onClick={() => {
          if (training.busy) return;
          intro.stop();
          setOwn(classes);
          training.begin(classes);
        }}
      >
        {text.train(formatWhole(STEPS))}
      </button>
      <Steps training={training} />
      <Slider
        label={text.row}
        text={point}
        {...{ value: row, min: 0, max: POINTS.length - 1, step: 1 }}
        onInput={setRow}
      />
      <ul class="bars" aria-label={text.scores(point)}>
        {scoresAt(classes, x, y).map((score, k) => (
          <li key={k}>
            <Marker label={k} /> <Bar value={score / LARGEST_SCORE} label={k} /> {fixed(score)}
          </li>
        ))}
      </ul>
      {classes.map(({ bias }, k) => (
        <Slider
          key={k}
          label={text.bias(k)}
          text={fixed(bias)}
          {...{ value: bias, min: -LARGEST_BIAS, max: LARGEST_BIAS, step: 0.05 }}
          onInput={(bias) => change(classes.with(k, { ...classes[k], bias }))}
        />
      ))}
    </FigureFrame>
  );
}

/** The start, with the arrow of class 0 turned. */
function turned(angle: number): readonly ClassWeights[] {
  const [{ x, y, bias }, ...rest] = START;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [{ x: c * x - s * y, y: s * x + c * y, bias }, ...rest];
}
