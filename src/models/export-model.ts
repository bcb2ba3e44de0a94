import { isObject, oneOf, optional, readFields, type Schema } from '../checks/schema.ts';
import { Scaling, type ScalingData } from '../data/scaling.ts';
import { OptionError } from '../errors.ts';
import type { NetworkTrainer } from '../types.ts';
import { type ExportOptions, FORMATS, formatOf, type ModelFormat } from './formats/formats.ts';
import { Model } from './model.ts';
import type { ModelData } from './model-data.ts';
import type { Training } from './training.ts';

/**
 * Writes a network to the bytes of a file, which takes raw rows and needs neither the trainer nor its data.
 * Texts are UTF-8.
 *
 * - `'safetensors'`: layer i is `layers.i.weight`, fan out × fan in, and `layers.i.bias`, as
 *   `torch.nn.Linear` has them. The metadata have each fact of the model as JSON. From a trainer, moments
 *   (`moments.k.layers.i.weight` …), step, seed and settings are there too, from which `resume` goes on.
 * - `'onnx'`: for other runtimes. `inputs` (N × features) in; out `probabilities` (of the loss hinge
 *   `scores`) and `label`, or `values`.
 * - `'npz'`: for `numpy.load`, with `W0` (fan in × fan out), `b0`, `W1`, … and `metadata`, the bytes of the
 *   facts as JSON.
 * - `'json'`: a text to read, with the fewest digits that keep the bits.
 * - `'javascript'`: a module without dependencies, whose `predict(inputs)`, also its default, takes one row
 *   of numbers and gives `{ label, name, probabilities }`, `{ label, name, scores }` or `{ values }`. Without
 *   a module: `new Function(text.replace(/export .*\s*$/, 'return predict'))()`.
 *
 * @param source a trainer, at its present step; or a model, to write it in another format
 * @throws {OptionError} if an argument cannot be used
 * @throws {LimitError} if the file would be larger than its format allows
 * @throws as `trainer.save`
 */
export async function exportModel(
  source: NetworkTrainer | ModelData,
  format: ModelFormat,
  options: ExportOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const name = oneOf(...(Object.keys(FORMATS) as ModelFormat[]))(format, 'format');
  const { options: own, write } = formatOf(name);
  const schema = { scaling: optional((value) => new Scaling(value as ScalingData)), ...own };
  if (!isObject(options)) throw new OptionError('options', 'an object', options);
  for (const [option, value] of Object.entries(options)) {
    if (!Object.hasOwn(schema, option))
      throw new OptionError(option, `one of the options ${Object.keys(schema).join(', ')}`, value);
  }
  const checked = readFields(options, schema as Schema<ExportOptions>);
  const { model, training } = await modelOf(source, checked.scaling);
  return write(model, checked, training);
}

async function modelOf(
  source: NetworkTrainer | ModelData,
  scaling: ScalingData | undefined,
): Promise<{ model: Model; training?: Training }> {
  const got = source instanceof Promise ? 'its promise (await is missing)' : undefined;
  if (!isObject(source) || got) throw new OptionError('source', 'a trainer or a model', source, got);
  if (!isTrainer(source)) return { model: new Model(scaling ? { ...source, scaling } : source) };
  // Both are called in one turn, so that the settings are those of the step.
  const { sizes, options: settings, ...names } = source.describe();
  const checkpoint = await source.save();
  const { activation: activations, loss, precision } = settings;
  const { parameters } = checkpoint;
  const data = { sizes, activations, loss, precision, parameters, ...names };
  return { model: new Model({ ...data, ...(scaling && { scaling }) }), training: { checkpoint, settings } };
}

function isTrainer(source: NetworkTrainer | ModelData): source is NetworkTrainer {
  return 'describe' in source && 'save' in source;
}
