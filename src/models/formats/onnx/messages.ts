import type { Pieces } from '../../../tables/pieces.ts';
import type { FloatArray } from '../../../types.ts';
import { type Node, TYPES, type Value } from './graph.ts';
import { bytes, message, number, text } from './protobuf.ts';

/*
 * The parts of a graph as messages, with the numbers of fields in onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */

/** The type of an attribute that is a whole number. */
const INT = 2;

/** A NodeProto. */
export function nodePieces({ operator, inputs, output, attributes }: Node): Pieces {
  return [
    ...inputs.map(({ name }) => text(1, name)),
    text(2, output.name),
    text(3, output.name),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      message(5, text(1, name), number(3, value), number(20, INT)),
    ),
  ].flat();
}

/** The TensorProto of a constant. */
export function constantPieces({ name, type, shape, data }: Value): Pieces {
  const { buffer, byteOffset, byteLength } = data as FloatArray;
  return [
    ...shape.map((size) => number(1, size as number)),
    number(2, TYPES[type]),
    text(8, name),
    bytes(9, new Uint8Array(buffer, byteOffset, byteLength)),
  ].flat();
}

/** The ValueInfoProto of a tensor. */
export function valuePieces({ name, type, shape }: Value): Pieces {
  const sizes = shape.map((size) => message(1, size === 'N' ? text(2, size) : number(1, size)));
  return [...text(1, name), ...message(2, message(1, number(1, TYPES[type]), message(2, ...sizes)))];
}
