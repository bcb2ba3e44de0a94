import { LimitError, OptionError } from '../../../errors.ts';
import { joined, lengthOf, type Pieces } from '../../../tables/pieces.ts';
import { VERSION } from '../../../version.ts';
import type { Model } from '../../model.ts';
import { factsOf } from '../facts.ts';
import { lineOf } from '../json.ts';
import { type Graph, graphOf, type Precisions } from './graph.ts';
import { constantPieces, nodePieces, valuePieces } from './messages.ts';
import { message, number, text } from './protobuf.ts';

/** The oldest versions of the format and of its operators with all that is needed: ONNX 1.8. */
const [IR_VERSION, OPERATORS_VERSION] = [7, 13];
/** The longest message of Protocol Buffers. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * A network as a model of ONNX, for onnxruntime, onnxruntime-web, Netron and others. It takes raw rows,
 * `inputs` (N × features): scaling is part of it. Out come `probabilities` (N × classes; with the loss
 * `'hinge'` the `scores`) and `label` (N, int64; of equal numbers the lower class), or the `values` of a
 * regression (N × outputs, in the units of the raw targets). N is free.
 *
 * Weights and biases have the precision of the network. With the arithmetic in double precision, as in
 * `Model.predict`, the results are the same but for the rounding of what comes out; in single precision, sums
 * differ by more than 1e-6 even for small networks. The metadata have every fact of the model as JSON, by name.
 * @returns the same bytes for the same model
 * @throws {OptionError} if arithmetic in single precision would have numbers in double precision beside it
 * @throws {LimitError} if the file would have 2 GB, more than ONNX allows
 */
export function writeOnnx(model: Model, precisions: Precisions): Uint8Array<ArrayBuffer> {
  const { inputs, arithmetic } = precisions;
  if (arithmetic === 'single' && [inputs, model.precision].includes('double')) {
    const expected = "'double' for inputs or weights in double precision";
    throw new OptionError('arithmetic', expected, arithmetic);
  }
  const pieces = [
    number(1, IR_VERSION),
    text(2, 'spiralnet'),
    text(3, VERSION),
    text(6, `A network ${model.sizes.join(' → ')}, trained with the loss ${model.loss}.`),
    message(7, graphPieces(graphOf(model, precisions))),
    message(8, text(1, ''), number(2, OPERATORS_VERSION)),
    ...Object.entries({ ...factsOf(model), ...precisions }).map(([name, fact]) =>
      message(14, text(1, name), text(2, lineOf(fact))),
    ),
  ].flat();
  const length = lengthOf(pieces);
  if (length <= MOST_BYTES) return joined(pieces);
  throw new LimitError('The file', 'byteLength', length, MOST_BYTES, "Use the format 'safetensors'.");
}

function graphPieces({ input, nodes, constants, outputs }: Graph): Pieces {
  const inner = nodes.map(({ output }) => output).filter((value) => !outputs.includes(value));
  return [
    ...nodes.map((node) => message(1, nodePieces(node))),
    text(2, 'network'),
    ...constants.map((constant) => message(5, constantPieces(constant))),
    message(11, valuePieces(input)),
    ...outputs.map((output) => message(12, valuePieces(output))),
    ...inner.map((value) => message(13, valuePieces(value))),
  ].flat();
}
