import { useId, useState } from 'preact/hooks';
import { Chart, linearAxis } from '../../../ui/chart.tsx';
import { CLASSES } from '../../../ui/classes.ts';
import { withMinus } from '../../../ui/format.ts';
import { ClassName } from '../../frame/class-name.tsx';
import type { FigureProps } from '../../frame/figure.ts';
import { FigureFrame } from '../../frame/figure-frame.tsx';
import { useIntro } from '../../frame/intro.ts';
import { Slider } from '../../frame/slider.tsx';
import { inLanguage } from '../../frame/words.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { softmaxExample } from './softmax.ts';

const words = inLanguage({ en, ko });

const LARGEST = 5;
const START: readonly number[] = [0, 0, 0];
const LABEL = 1;
/** Milliseconds in which the right score goes up, down and back by itself. */
const SWING = 4000;
const SWUNG = 3;
/** The losses of the chart, and the least probability that is on it. */
const MOST_LOSS = 5;
const CURVE = Array.from({ length: 100 }, (_, i) => {
  const probability = Math.exp(-MOST_LOSS) + ((1 - Math.exp(-MOST_LOSS)) * i) / 99;
  return { x: probability, y: -Math.log(probability) };
});

const fixed = (value: number, digits = 3) => withMinus(value.toFixed(digits));

/** The scores of one point, their probabilities and its loss. */
export function SoftmaxFigure({ seen }: FigureProps) {
  const { title, caption, keys, heads, ...text } = words.value;
  const [scores, setScores] = useState(START);
  const [label, setLabel] = useState(LABEL);
  const radio = useId();
  const intro = useIntro(seen, SWING, (part) =>
    setScores(START.with(LABEL, part === 1 ? 0 : SWUNG * Math.sin(2 * Math.PI * part))),
  );
  const { probabilities, loss, gradient } = softmaxExample(scores, label);
  return (
    <FigureFrame
      title={title}
      caption={caption}
      keys={keys}
      onReset={() => {
        intro.stop();
        setScores(START);
        setLabel(LABEL);
      }}
      table={{
        heads: [heads.class, heads.score, heads.power, heads.probability, heads.gradient],
        rows: scores.map((score, k) => [
          <ClassName key={k} label={k} />,
          fixed(score, 2),
          fixed(Math.exp(score)),
          fixed(probabilities[k], 6),
          fixed(gradient[k], 6),
        ]),
      }}
    >
      {scores.map((score, k) => (
        <Slider
          key={k}
          label={text.score(k)}
          text={`${fixed(score, 2)} → ${fixed(probabilities[k])}`}
          {...{ value: score, min: -LARGEST, max: LARGEST, step: 0.1 }}
          onInput={(value) => {
            intro.stop();
            setScores(scores.with(k, value));
          }}
        />
      ))}
      <fieldset class="switch">
        <legend>{text.correct}</legend>
        {scores.map((_, k) => (
          <label key={k}>
            <input
              type="radio"
              name={radio}
              checked={label === k}
              onChange={() => {
                intro.stop();
                setLabel(k);
              }}
            />
            <ClassName label={k} />
          </label>
        ))}
      </fieldset>
      <div
        class="shares"
        role="img"
        aria-label={`${text.share}: ${probabilities.map((p) => fixed(p)).join(', ')}`}
      >
        {probabilities.map((probability, k) => (
          <span key={k} style={{ width: `${100 * probability}%`, background: CLASSES[k].fill }} />
        ))}
      </div>
      <p class="reading result">
        −ln {fixed(probabilities[label])} = {fixed(loss, 6)}{' '}
        <span class="quiet">{text.equal(fixed(Math.log(3), 6))}</span>
      </p>
      <Chart
        description={text.chart(fixed(probabilities[label]), fixed(loss, 6))}
        height={240}
        left={56}
        x={linearAxis(text.probability, 1, 0.2, (value) => value.toFixed(1))}
        y={linearAxis(text.loss, MOST_LOSS, 1, (value) => value.toFixed(0))}
        series={[
          { points: CURVE, dash: '', class: 'ours' },
          { points: [{ x: 1 / 3, y: Math.log(3) }], marks: 4, class: 'equal' },
          { points: [{ x: probabilities[label], y: Math.min(MOST_LOSS, loss) }], marks: 7, class: 'present' },
        ]}
      />
    </FigureFrame>
  );
}
