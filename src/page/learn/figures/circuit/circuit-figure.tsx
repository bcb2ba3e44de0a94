import '../../../styles/learn-circuit.css';
import { useMemo, useState } from 'preact/hooks';
import { Formula } from '../../../inside/operation/formula.tsx';
import { withMinus } from '../../../ui/format.ts';
import { Scroll } from '../../../ui/scroll.tsx';
import type { FigureProps } from '../../frame/figure.ts';
import { FigureFrame, type FigureTable } from '../../frame/figure-frame.tsx';
import { useIntro } from '../../frame/intro.ts';
import { Slider } from '../../frame/slider.tsx';
import { inLanguage } from '../../frame/words.ts';
import { POINTS } from '../../model/grid.ts';
import { type Model, useModel } from '../../model/use-model.ts';
import { type Circuit, circuitOf, OPTIONS, readingOf, START, STEPS, WIRES } from './circuit.ts';
import { CircuitPicture } from './circuit-picture.tsx';
import { en } from './en.ts';
import { ko } from './ko.ts';

const words = inLanguage({ en, ko });

/** The lines of the step, from the first layer forward and back to it. */
const LINES = 9;
/** Milliseconds in which the lines are computed by themselves. */
const TOUR = 9000;

const fixed = (value: number | undefined) =>
  value === undefined ? '–' : withMinus((value === 0 ? 0 : value).toFixed(6));

/** One point's numbers through a small network and back, line by line. */
export function CircuitFigure({ seen }: FigureProps) {
  const { title, caption, keys, ...text } = words.value;
  const [row, setRow] = useState(START);
  const [done, setDone] = useState(0);
  const intro = useIntro(seen, TOUR, (part) => setDone(Math.floor(part * LINES)));
  const compute = useMemo(() => (model: Model) => circuitOf(model, row), [row]);
  const circuit = useModel(seen, OPTIONS, compute);
  const go = (to: number) => {
    intro.stop();
    setDone(Math.min(LINES, Math.max(0, to)));
  };
  const line = circuit?.lines[done - 1];
  return (
    <FigureFrame
      title={title}
      caption={caption(`${STEPS}`)}
      keys={keys}
      onReset={() => {
        go(0);
        setRow(START);
      }}
      table={tableOf(circuit, done)}
    >
      <Scroll label={text.circuit}>
        {circuit && (
          <CircuitPicture
            label={text.picture(text.point(`${circuit.row + 1}`, `${circuit.label}`))}
            {...{ circuit, done }}
          />
        )}
      </Scroll>
      <p class="reading circuit-line" role="status">
        {line ? (
          <>
            <b>
              <Formula text={line.formula.replaceAll('\n', ', ').replace(' / N', '')} />
            </b>{' '}
            {text.lines[line.name]}
          </>
        ) : (
          circuit && text.given
        )}
      </p>
      <div class="circuit-buttons">
        <button type="button" disabled={done === 0} onClick={() => go(done - 1)}>
          {text.back}
        </button>
        <button type="button" disabled={done === LINES} onClick={() => go(done + 1)}>
          {text.next}
        </button>
      </div>
      <Slider
        label={text.operation}
        text={text.of(`${done}`, `${LINES}`)}
        {...{ value: done, min: 0, max: LINES, step: 1 }}
        onInput={go}
      />
      <Slider
        label={text.which}
        text={text.short(`${row + 1}`, `${POINTS[row].label}`)}
        {...{ value: row + 1, min: 1, max: POINTS.length, step: 1 }}
        onInput={(value) => {
          intro.stop();
          setRow(value - 1);
        }}
      />
    </FigureFrame>
  );
}

/** Every wire in numbers, as far as they are computed. */
function tableOf(circuit: Circuit | undefined, done: number): FigureTable {
  const { heads } = words.value;
  return {
    heads: [heads.wire, heads.value, heads.gradient],
    rows: Object.values(WIRES)
      .flat()
      .map((wire) => {
        const { value, gradient } = circuit ? readingOf(circuit, wire, done) : {};
        return [wire.name, fixed(value), fixed(gradient)];
      }),
  };
}
