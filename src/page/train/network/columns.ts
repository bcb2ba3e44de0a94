import type { Insight, LayerInsight } from '../../run/protocol.ts';
import { symbolOf } from '../../settings/features.ts';
import { gridInputs, SHOWN_OUTPUTS, SHOWN_UNITS, UNIT_NODES } from '../../settings/plane.ts';
import { isRegression, type Settings } from '../../settings/settings.ts';
import type { ImageSize, StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { formatSigned, formatWhole } from '../../ui/format.ts';
import type { UnitKind } from './unit-picture.ts';

/** A unit that can be pointed at. */
export interface Unit {
  name: string;
  unit: UnitKind;
  values: Float32Array | undefined;
  /** The number that is drawn in full colour. */
  most: number;
  /** What it computes from the inputs, if that is a short formula. */
  formula?: string | undefined;
  /** Pixels of a row of the picture, if that is no square. */
  width?: number;
}

/** A unit by its column and its number in it. */
export interface UnitPlace {
  column: number;
  unit: number;
}

export interface Column {
  head: string;
  units: Unit[];
  /** The weights from the units before that are shown, `units before × units`. */
  weights: Float32Array | undefined;
}

/** The columns of units that are shown, from the inputs to the classes. */
export function columnsOf(settings: Settings, data: StudyData, insight: Insight | undefined): Column[] {
  const { network: words } = laterTexts.value;
  const { hidden } = settings;
  const { inputs, loaded } = data;
  // An earlier network's pictures do not fit. The new ones come soon.
  const fits =
    insight?.layers.length === hidden.length + 1 &&
    insight.layers[0].shownWeights.length ===
      inputs.length *
        (hidden.length > 0 ? Math.min(hidden[0], SHOWN_UNITS) : Math.min(data.outputs, SHOWN_OUTPUTS));
  const layers = fits ? insight.layers : undefined;
  const picture = (layer: number, unit: number) => {
    const values = layers?.[layer].pictures;
    const size = UNIT_NODES ** 2;
    return values && values.length >= (unit + 1) * size
      ? values.subarray(unit * size, (unit + 1) * size)
      : undefined;
  };
  const { pixels, rows } = loaded ?? {};
  const first = pixels && rows?.images ? imageColumn(data, pixels.mean, rows.images) : inputColumn(data);
  const columns = hidden.map((width, layer): Column => {
    const shown = Math.min(width, SHOWN_UNITS);
    const most = mostOf(layers?.[layer].pictures);
    return {
      head: shown < width ? words.shown(shown, formatWhole(width)) : words.units(formatWhole(width)),
      weights: layer === 0 ? firstWeights(layers?.[0], data, first) : layers?.[layer].shownWeights,
      units: Array.from({ length: shown }, (_, i) => ({
        name: words.unit(layer + 1, i + 1),
        unit: { kind: 'hidden' },
        values: picture(layer, i),
        most,
        formula: layer === 0 && layers && !loaded ? formulaOf(settings, layers[0], shown, i) : undefined,
      })),
    };
  });
  const last = layers?.[hidden.length];
  const outputs = {
    ...outputColumn(settings, data, (unit) => picture(hidden.length, unit), last),
    weights: hidden.length === 0 ? firstWeights(last, data, first) : last?.shownWeights,
  };
  return [first, ...columns, outputs];
}

/** All features of points, and the first ones of rows with many. */
function inputColumn(data: StudyData): Column {
  const { network: words } = laterTexts.value;
  const { inputs } = data;
  const pictures = inputPictures(data);
  return {
    head:
      pictures.length < inputs.length
        ? words.shownInputs(pictures.length, formatWhole(inputs.length))
        : words.inputs,
    units: pictures.map((values, i) => ({
      name: words.input(inputs[i]),
      unit: { kind: 'input' },
      values,
      most: mostOf(values),
    })),
    weights: undefined,
  };
}

/** The mean image, in place of its pixels. */
function imageColumn({ inputs }: StudyData, mean: Float32Array, { width, height }: ImageSize): Column {
  const { network: words } = laterTexts.value;
  const name = words.imageOf(formatWhole(inputs.length), `${width} × ${height}`);
  return {
    head: words.pixels(formatWhole(inputs.length)),
    units: [{ name, unit: { kind: 'image' }, values: mean, most: mostOf(mean), width }],
    weights: undefined,
  };
}

/** The weights from the inputs that are shown; from an image their norm for each unit. */
function firstWeights(
  layer: LayerInsight | undefined,
  { inputs, loaded }: StudyData,
  { units }: Column,
): Float32Array | undefined {
  if (!layer) return undefined;
  const { shownWeights } = layer;
  const width = shownWeights.length / inputs.length;
  if (!loaded?.rows.images) return shownWeights.subarray(0, units.length * width);
  return Float32Array.from({ length: width }, (_, unit) => {
    let squares = 0;
    for (let i = unit; i < shownWeights.length; i += width) squares += shownWeights[i] ** 2;
    return Math.sqrt(squares);
  });
}

/** The value of a regression, or each class's probability or score. */
function outputColumn(
  settings: Settings,
  data: StudyData,
  picture: (unit: number) => Float32Array | undefined,
  layer: LayerInsight | undefined,
): Omit<Column, 'weights'> {
  const { network: words } = laterTexts.value;
  if (isRegression(settings)) {
    const { mean, deviation } = data.colours;
    const values = picture(0)?.map((value) => (value - mean) / deviation);
    const unit: Unit = { name: words.value, unit: { kind: 'value' }, values, most: 1 };
    return { head: words.valueHead, units: [unit] };
  }
  // Scores may have any size, and are compared with each other.
  const scored = settings.loss === 'hinge';
  const shown = Math.min(data.outputs, SHOWN_OUTPUTS);
  return {
    head: shown < data.outputs ? words.shownOutputs(shown, formatWhole(data.outputs)) : words.outputs,
    units: Array.from({ length: shown }, (_, label) => ({
      name: scored ? words.score(classNameOf(data, label)) : words.output(classNameOf(data, label)),
      unit: { kind: 'class', label },
      values: picture(label),
      most: scored ? mostOf(layer?.pictures) : 1,
    })),
  };
}

/** What each activation makes of a sum; the parts of leaky ReLU and ELU have no short formula. */
const AROUND: Record<Settings['activation'], (sum: string) => string> = {
  relu: (sum) => `max(0, ${sum})`,
  'leaky-relu': (sum) => `leaky ReLU(${sum})`,
  elu: (sum) => `ELU(${sum})`,
  tanh: (sum) => `tanh(${sum})`,
  sigmoid: (sum) => `σ(${sum})`,
  softplus: (sum) => `ln(1 + exp(${sum}))`,
  identity: (sum) => sum,
};

/** The most inputs of a formula that is short. */
const MOST_TERMS = 4;

/** Such as `max(0, 1.2x − 0.7y + 0.3)`; undefined if it is long. */
function formulaOf(
  { features, activation }: Settings,
  { shownWeights, shownBiases }: LayerInsight,
  shown: number,
  unit: number,
): string | undefined {
  if (features.length > MOST_TERMS) return undefined;
  const weights = features.map((feature, i) => {
    const symbol = symbolOf(feature);
    return [shownWeights[i * shown + unit], symbol.startsWith('sin') ? ` ${symbol}` : symbol] as const;
  });
  const [[first, symbol], ...others] = [...weights, [shownBiases[unit], ''] as const];
  const terms = others.map(
    ([value, symbol]) => ` ${value < 0 ? '−' : '+'} ${formatSigned(Math.abs(value))}${symbol}`,
  );
  return AROUND[activation](`${formatSigned(first)}${symbol}${terms.join('')}`);
}

/** The last pictures of the inputs, which stay the same while the part of the plane does. */
let last: { key: readonly unknown[]; pictures: Float32Array[] } | undefined;

function inputPictures({ range, inputs, inputsAt, loaded }: StudyData): Float32Array[] {
  const key = [range, inputs.join(), loaded?.plane];
  if (last?.key.every((part, i) => part === key[i])) return last.pictures;
  const rows = inputsAt(gridInputs(range, UNIT_NODES));
  const pictures = inputs
    .slice(0, loaded ? SHOWN_UNITS : undefined)
    .map((_, i) =>
      Float32Array.from({ length: UNIT_NODES ** 2 }, (_, node) => rows[node * inputs.length + i]),
    );
  last = { key, pictures };
  return pictures;
}

/**
 * The largest output of the units of a layer that are shown, to which their pictures are scaled.
 */
function mostOf(pictures: Float32Array | undefined): number {
  return pictures ? pictures.reduce((most, value) => Math.max(most, Math.abs(value)), 0) : 0;
}
