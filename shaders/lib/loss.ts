import { bind, type Variable } from './bindings.ts';
import { type Binding, type Kernel, linearIndexIn, stepStruct, WORKGROUP } from './kernel.ts';
import { type Arithmetic, real } from './real.ts';
import { wgsl } from './text.ts';

/** The loss of a network: of labels, or of targets. */
export type Loss = 'cross-entropy' | 'hinge' | 'squared-error';

/** The kernels of a loss. */
export interface LossText {
  name: Loss;
  /** The answers that it compares with. */
  answers: Answers;
  /**
   * The lines of {@link lossKernel} for a row: `losses`, `correct` and `gradient`.
   * @param share with class weights, the share of the row in the weights that a mean is taken of
   */
  lines: (share?: string) => string;
  /**
   * In narrow kernels: the function that turns the logits of a row in `dscores` into the gradient of the
   * mean loss on them, and its call for the row `row`.
   * @param share as of `lines`
   */
  narrow: (classes: number, share?: string) => { call: string; text: string };
}

export interface LossOptions {
  /** Default: no class weights. */
  weighted?: Weighted;
  /** Rows of a workgroup: fewer rows if many classes make each row take long. */
  workgroup?: number;
  arithmetic?: Arithmetic;
}

/**
 * Whether the classes have weights, and the rows whose weights are added up: all rows, with the sum in
 * `shape`, or those of the step's batch, with the sum in `step`.
 */
export type Weighted = 'all rows' | 'batch';

/** What a network learns: a label each row, or targets. */
export type Answers = 'labels' | 'targets';

/** The variable of answers. */
export function answersVariable(answers: Answers): Variable {
  return [answers, 'read', answers === 'targets' ? 'array<real>' : 'array<u32>'];
}

/** A kernel with an invocation for each `row`, whose logits are those of `classes` from `start` on. */
export function rowKernel(
  { declarations, bindings }: { declarations: string; bindings: Binding[] },
  { workgroup = WORKGROUP, arithmetic = 'single' }: LossOptions,
  body: string,
): Kernel {
  const code = wgsl`
${real(arithmetic)}
${declarations}
${linearIndexIn(workgroup)}
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let row = linear_index(id, workgroups);
  if (row >= shape.rows) { return; }
  let classes = shape.classes;
  let start = row * classes;
${body}
}
`;
  return { code, bindings, workgroup, covers: { x: workgroup, y: 1 } };
}

/** The largest logit of a row, and the first class that has it, of `classes` from `start` on. */
export const largestLogit = `
  var largest = 0u;
  var maximum = logits[start];
  for (var k = 1u; k < classes; k++) {
    let logit = logits[start + k];
    if (greater(logit, maximum)) {
      largest = k;
      maximum = logit;
    }
  }`;

/**
 * The kernel of the losses of rows, whether each is right, and the gradient on the logits, with the
 * variables in the order of the tables of the losses. The lines of a loss of labels have `label`, and
 * `largest`, the first class with the largest logit, which is `maximum`.
 */
export function lossKernel({ answers, lines }: LossText, options: LossOptions): Kernel {
  const { weighted } = options;
  const { declarations, bindings } = bind([
    ['logits', 'read', 'array<real>'],
    answersVariable(answers),
    ['losses', 'read_write', 'array<real>'],
    ['correct', 'read_write', 'array<real>'],
    ['gradient', 'read_write', 'array<real>'],
    weighted && ['class_weights', 'read', 'array<real>'],
    ['shape', 'uniform', 'Shape'],
    weighted === 'batch' && ['step', 'step', 'Step'],
  ]);
  const structs = wgsl`
#if ${weighted === 'all rows'}
struct Shape { rows: u32, classes: u32, total_weight: real }
#else
struct Shape { rows: u32, classes: u32 }
#endif
#if ${weighted === 'batch'}
${stepStruct}
#endif

${declarations}`;
  const share =
    weighted && `divide(class_weights[label], ${weighted === 'batch' ? 'step' : 'shape'}.total_weight)`;
  const label = answers === 'labels' ? `${largestLogit}\n\n  let label = labels[row];` : '';
  return rowKernel({ declarations: structs, bindings }, options, `${label}${lines(share)}`);
}

/** The function that reads a class weight of so many 32-bit words from `shape` in narrow kernels. */
export function classWeight(words: number | undefined): string {
  return wgsl`
#if ${words === 1}
fn class_weight(label: u32) -> real { return shape.class_weights[label / 4u][label % 4u]; }
#elif ${words === 2}
fn class_weight(label: u32) -> real {
  let pair = shape.class_weights[label / 2u];
  return select(pair.zw, pair.xy, label % 2u == 0u);
}
#endif`;
}
