import { FileError } from '../../../errors.ts';
import { joined, type Pieces } from '../../../tables/pieces.ts';
import type { FloatArray } from '../../../types.ts';
import type { Model } from '../../model.ts';
import type { ModelData } from '../../model-data.ts';
import { modelFrom } from '../../read-model.ts';
import { factsIn } from '../facts.ts';
import { graphOf, OPERATORS, TYPES } from './graph.ts';
import { constantPieces, nodePieces } from './messages.ts';
import { Message, WHAT } from './protobuf.ts';

/**
 * Reads a model that `writeOnnx` wrote, also after another program saved it with the same graph.
 * @returns the model with the same bits of weights, biases and scaling
 * @throws {FileError} if `bytes` are no such model; the message names the first operator that differs
 */
export function readOnnx(bytes: Uint8Array): Model {
  const file = new Message(bytes);
  const graphs = file.messages(7);
  if (graphs.length !== 1) refuse('one graph', graphs.length);
  const [graph] = graphs;
  const operators = graph.messages(1).map((node) => node.text(4));
  const foreign = operators.find((name) => !OPERATORS.includes(name));
  if (foreign !== undefined) refuse(`only the operators ${OPERATORS.join(', ')}`, foreign);
  const facts = factsIn(file.messages(14).map((entry) => [entry.text(1), entry.text(2)]));
  if (!('spiralnet' in facts)) refuse('what exportModel() writes', operators);
  const model = modelFrom(facts, parametersOf(graph));
  // What is written again is the same, or else the graph computes something else.
  const written = graphOf(model, {
    inputs: precisionOf(facts.inputs),
    arithmetic: precisionOf(facts.arithmetic),
  });
  compare(graph.list(1), written.nodes.map(nodePieces), nodeText);
  compare(graph.list(5), written.constants.map(constantPieces), (tensor) => `the constant ${tensor.text(8)}`);
  return model;
}

const precisionOf = (fact: unknown) => (fact === 'double' ? 'double' : 'single');

function refuse(expected: string, got: unknown): never {
  throw new FileError(WHAT, expected, got);
}

/** Numbers as they stand in the constants, right or wrong. */
function parametersOf(graph: Message): ModelData['parameters'] {
  const tensors = new Map(graph.messages(5).map((tensor) => [tensor.text(8), tensor]));
  const parameters: ModelData['parameters'] = [];
  for (let i = 0; tensors.has(`weights_${i}`); i++) {
    const [weights, biases] = [`weights_${i}`, `biases_${i}`].map((name) => numbersOf(tensors.get(name)));
    parameters.push({ weights, biases });
  }
  return parameters;
}

/** The numbers of a tensor, copied to where an array may begin; of an absent tensor none. */
function numbersOf(tensor?: Message): FloatArray {
  const Float = tensor?.numbers(2)[0] === TYPES.single ? Float32Array : Float64Array;
  const bytes = tensor?.list(9)[0] ?? new Uint8Array();
  return new Float(
    new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % Float.BYTES_PER_ELEMENT))).buffer,
  );
}

/** Compares the parts of a graph with those that the model has when it is written. */
function compare(given: Uint8Array[], written: Pieces[], textOf: (part: Message) => string): void {
  for (let i = 0; i < Math.max(given.length, written.length); i++) {
    if (given[i] && written[i] && same(given[i], written[i])) continue;
    const [expected, got] = [written[i] && joined(written[i]), given[i]].map((bytes) =>
      bytes ? textOf(new Message(bytes)) : 'nothing more',
    );
    refuse(`${expected}, as exportModel() writes it`, got === expected ? 'another one' : got);
  }
}

function same(bytes: Uint8Array, pieces: Pieces): boolean {
  let at = 0;
  for (const piece of pieces) for (const byte of piece) if (bytes[at++] !== byte) return false;
  return at === bytes.length;
}

function nodeText(node: Message): string {
  return `the operator ${node.text(4)} of ${node.texts(1).join(', ')}`;
}
