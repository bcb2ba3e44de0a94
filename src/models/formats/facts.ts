import type { ScalingData } from '../../data/scaling.ts';
import type { Model } from '../model.ts';
import { LAYOUT, type ModelData } from '../model-data.ts';

/** Everything of a model but its parameters, with the mark of the library's own files. */
export type Facts = Omit<ModelData, 'parameters'> & { spiralnet: typeof LAYOUT };

/** The facts that every format keeps beside the parameters, without those that a model lacks. */
export function factsOf(model: Model): Facts {
  const { sizes, activations, loss, precision, featureNames, classNames, outputNames } = model;
  const scaling: ScalingData | undefined = model.scaling?.toJSON();
  return {
    spiralnet: LAYOUT,
    sizes,
    activations,
    loss,
    precision,
    ...(featureNames && { featureNames }),
    ...(classNames && { classNames }),
    ...(outputNames && { outputNames }),
    ...(scaling && { scaling }),
  };
}

/** The facts in the metadata of a file, each as JSON. A text that is none, as other programs add, stays a text. */
export function factsIn(metadata: Iterable<readonly [name: string, text: string]>): {
  [name: string]: unknown;
} {
  return Object.fromEntries(Array.from(metadata, ([name, text]) => [name, factOf(text)]));
}

function factOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
