import { useEffect, useRef } from 'preact/hooks';
import { withMinus } from '../../../ui/format.ts';
import { MarkerShape } from '../../../ui/marker.tsx';
import { type Circuit, CLASSES, FEATURES, HIDDEN, readingOf, WIRES, type Wire } from './circuit.ts';

/** Units of the drawing; on a narrow screen it scrolls. */
const [WIDTH, HEIGHT] = [520, 360];
/** A wire with a number on it. */
const LENGTH = 48;
/** From one wire into a sum to the next. */
const BETWEEN = 38;
const GATE = 11;
/** Where the columns begin: the wires of the point, into the units, out of them, and on to the loss. */
const COLUMN = { inputs: 6, units: 86, sums: 162, hidden: 242, classes: 322, scores: 398, loss: 466 };

const unitY = (unit: number) => 110 + 140 * unit;
const classY = (label: number) => 60 + 120 * label;

interface Props {
  label: string;
  circuit: Circuit;
  /** Lines of the step that are computed. */
  done: number;
}

/** The circuit of one point: values above the wires, gradients below. */
export function CircuitPicture({ label, circuit, done }: Props) {
  const drawing = useRef<SVGSVGElement>(null);
  useEffect(() => {
    const svg = drawing.current;
    const scroll = svg?.closest('.scroll');
    const place = svg?.querySelector('.fresh')?.getBoundingClientRect();
    if (!scroll || !place) return;
    const box = scroll.getBoundingClientRect();
    if (place.left < box.left || place.right + LENGTH > box.right)
      scroll.scrollLeft += place.left - box.left - box.width / 3;
  }, [done]);
  const wire = (of: Wire, x: number, y: number, length = LENGTH) => (
    <Signal key={of.name} wire={of} {...{ circuit, done, x, y, length }} />
  );
  const units = Array.from({ length: HIDDEN }, (_, unit) => unit);
  const classes = Array.from({ length: CLASSES }, (_, k) => k);
  return (
    <svg
      ref={drawing}
      class="circuit"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
      // A long number may stand over the edge of its wire.
      overflow="visible"
    >
      {WIRES.inputs.map((of, i) => (
        <g key={i}>
          {wire(of, COLUMN.inputs, unitY(i))}
          <text x={COLUMN.inputs} y={unitY(i) - 20}>
            {'xy'[i]}
          </text>
          {units.map((unit) => fan(COLUMN.inputs + LENGTH, unitY(i), COLUMN.units, unitY(unit), i))}
        </g>
      ))}
      {units.map((unit) => (
        <g key={unit}>
          {Array.from({ length: FEATURES }, (_, i) =>
            wire(WIRES.weights0[i * HIDDEN + unit], COLUMN.units, unitY(unit) + (i - 1) * BETWEEN),
          )}
          {wire(WIRES.biases0[unit], COLUMN.units, unitY(unit) + BETWEEN)}
          <Sum x={COLUMN.sums - GATE - 4} y={unitY(unit)} from={COLUMN.units + LENGTH} />
          {wire(WIRES.sums[unit], COLUMN.sums, unitY(unit))}
          <Gate x={COLUMN.sums + LENGTH} y={unitY(unit)} />
          {wire(WIRES.hidden[unit], COLUMN.hidden, unitY(unit))}
          {classes.map((k) => fan(COLUMN.hidden + LENGTH, unitY(unit), COLUMN.classes, classY(k), unit))}
        </g>
      ))}
      {classes.map((k) => (
        <g key={k}>
          {units.map((unit) =>
            wire(WIRES.weights1[unit * CLASSES + k], COLUMN.classes, classY(k) + (unit - 1) * BETWEEN),
          )}
          {wire(WIRES.biases1[k], COLUMN.classes, classY(k) + BETWEEN)}
          <Sum x={COLUMN.scores - GATE - 4} y={classY(k)} from={COLUMN.classes + LENGTH} />
          {wire(WIRES.scores[k], COLUMN.scores, classY(k))}
          {wire(WIRES.probabilities[k], COLUMN.loss, classY(k))}
          <g
            class={k === circuit.label ? 'label' : ''}
            transform={`translate(${COLUMN.loss + LENGTH - 9} ${classY(k) + 15})`}
          >
            <MarkerShape label={k} />
            {k === circuit.label && <rect x={-10} y={-10} width={20} height={20} rx={2} fill="none" />}
          </g>
        </g>
      ))}
      <rect class="gate" x={COLUMN.scores + LENGTH} y={24} width={20} height={HEIGHT - 48} rx={4} />
      <text transform={`translate(${COLUMN.scores + LENGTH + 14} ${HEIGHT / 2}) rotate(-90)`} class="middle">
        softmax
      </text>
      <text x={COLUMN.loss + 4} y={classY(0) - 20}>
        P
      </text>
      <text x={COLUMN.loss + 4} y={HEIGHT - 120}>
        L
      </text>
      {wire(WIRES.loss[0], COLUMN.loss, HEIGHT - 104)}
    </svg>
  );
}

/** A wire from a number to one of the sums that it is in. */
const fan = (fromX: number, fromY: number, x: number, centre: number, entry: number) => (
  <path
    key={`${x} ${centre} ${entry}`}
    class="wire"
    d={`M${fromX} ${fromY}L${x} ${centre + (entry - 1) * BETWEEN}`}
  />
);

/** A sum of products and a bias: three wires come into it. */
function Sum({ x, y, from }: { x: number; y: number; from: number }) {
  return (
    <g>
      {[-1, 0, 1].map((side) => (
        <path key={side} class="wire" d={`M${from} ${y + side * BETWEEN}L${x} ${y}`} />
      ))}
      <circle class="gate" cx={x + 2} cy={y} r={GATE} />
      <text x={x + 2} y={y + 4} class="middle">
        Σ
      </text>
    </g>
  );
}

/** The ReLU. */
function Gate({ x, y }: { x: number; y: number }) {
  return (
    <g>
      <rect class="gate" x={x} y={y - 12} width={32} height={24} rx={4} />
      <path class="relu" d={`M${x + 6} ${y + 6}h10l9 -11`} />
    </g>
  );
}

interface SignalProps extends Omit<Props, 'label'> {
  wire: Wire;
  x: number;
  y: number;
  length: number;
}

/** A wire with its value above and its gradient below. */
function Signal({ wire, circuit, done, x, y, length }: SignalProps) {
  const { value, gradient, newValue, newGradient } = readingOf(circuit, wire, done);
  const middle = x + length / 2;
  return (
    <g class={newValue || newGradient ? 'fresh' : ''}>
      <path class="wire" d={`M${x} ${y}h${length}`} />
      {value !== undefined && (
        <text x={middle} y={y - 4} class={`middle value ${newValue ? 'new' : ''}`}>
          {short(value)}
        </text>
      )}
      {gradient !== undefined && (
        <text x={middle} y={y + 13} class={`middle slope ${newGradient ? 'new' : ''}`}>
          {short(gradient)}
        </text>
      )}
    </g>
  );
}

/** A number that fits a wire. */
const short = (value: number) => withMinus((value === 0 ? 0 : value).toFixed(3));
