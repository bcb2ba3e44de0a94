import type { ActivationText } from './activation.ts';
import { classWeight, type LossText } from './loss.ts';
import type { Arithmetic } from './real.ts';
import { each, wgsl } from './text.ts';

/**
 * A network with at most one hidden layer and few features and classes, so that the numbers of one
 * row or of one hidden unit fit in registers. Without a hidden layer, features take the place of
 * hidden units.
 */
export interface NarrowNetwork {
  features: number;
  classes: number;
  loss: LossText;
  /** The 32-bit words of a class weight; undefined without class weights. */
  weightWords?: 1 | 2;
  /** The activation of the hidden layer; undefined without one. */
  hidden: ActivationText | undefined;
  /**
   * Whether the rows of a step are in `order` from `batch_start` on; otherwise a step takes all
   * rows.
   */
  batches: boolean;
  /** If a step drops outputs of hidden units: {@link file://./dropout.ts}. */
  dropout?: string;
  /**
   * With dropout: whether the rows of a step are sent to the GPU in the order of its batches, so that
   * `order` holds their indices in the data set alone.
   */
  sent?: boolean;
}

/**
 * The struct of a narrow network's shape: the number of hidden units, and the index in `parameters`
 * at which each tensor begins.
 * @param more further members
 */
export function narrowShape(more = ''): string {
  return wgsl`
struct Shape { units: u32, weights_0: u32, biases_0: u32, weights_1: u32, biases_1: u32, ${more} }
`;
}

/** {@link narrowShape} with the class weights of the network's loss. */
export function weightedShape({ classes, weightWords: words }: NarrowNetwork): string {
  return narrowShape(words && `class_weights: array<vec4f, ${Math.ceil((classes * words) / 4)}>`);
}

/**
 * The functions `source_row`, which gives the data's row for row i of the step, and `activation`,
 * which gives a hidden unit's output: the activation of x·w + b.
 */
export function narrowActivations(
  { features, hidden, batches, dropout, sent = false }: NarrowNetwork,
  arithmetic: Arithmetic,
): string {
  return wgsl`
#if ${dropout && sent}
fn source_row(i: u32) -> u32 { return step.batch_start + i; }
#elif ${batches}
fn source_row(i: u32) -> u32 { return order[step.batch_start + i]; }
#else
fn source_row(i: u32) -> u32 { return i; }
#endif
#if ${dropout}
${dropout}
#if ${sent}
fn row_hash_of(i: u32) -> u32 { return row_hash(0u, order[source_row(i)]); }
#else
fn row_hash_of(i: u32) -> u32 { return row_hash(0u, source_row(i)); }
#endif
#endif
#if ${hidden}
${hidden?.functions?.(arithmetic) ?? ''}
fn activation(${each(features, (f) => `x_${f}: real, w_${f}: real, `, '')}bias: real) -> real {
  var sum = real();
${each(features, (f) => `  sum = accumulate(sum, x_${f}, w_${f});`)}
  let total = add(settle(sum), bias);
  return ${hidden?.output('total')};
}
#endif
`;
}

/**
 * The function `logits(first, rows)`, which computes the logits of `count` rows from `first` on, in
 * the array `into`. Hidden activations are used at once and not stored. Logits add up over units in
 * rising order, whatever the count.
 *
 * Needs {@link narrowShape} as `shape`, {@link narrowActivations}, and `parameters`, `inputs` and
 * the array.
 */
export function narrowLogits(
  { features, classes, hidden, dropout }: NarrowNetwork,
  count: number,
  into: string,
): string {
  const activation = (r: number) => each(features, (f) => `x_${r}_${f}, w_${f}, `, '');
  return wgsl`
fn logits(first: u32, rows: u32) {
  let units = shape.units;
${each(count, (r) => `  let source_${r} = source_row(min(first + ${r}u, rows - 1u));`)}
#if ${hidden}
${each(count, (r) => each(features, (f) => `  let x_${r}_${f} = inputs[source_${r} * ${features}u + ${f}u];`))}
#endif
#if ${dropout}
${each(count, (r) => `  let hash_${r} = row_hash_of(min(first + ${r}u, rows - 1u));`)}
#endif
${each(count, (r) => each(classes, (k) => `  var z_${r}_${k} = real();`))}
  for (var j = 0u; j < units; j++) {
#if ${hidden}
${each(features, (f) => `    let w_${f} = parameters[shape.weights_0 + ${f}u * units + j];`)}
    let bias = parameters[shape.biases_0 + j];
#if ${dropout}
${each(count, (r) => `    let h_${r} = dropped(activation(${activation(r)}bias), keeps(hash_${r}, j));`)}
#else
${each(count, (r) => `    let h_${r} = activation(${activation(r)}bias);`)}
#endif
#else
${each(count, (r) => `    let h_${r} = inputs[source_${r} * units + j];`)}
#endif
${each(classes, (k) => `    let v_${k} = parameters[shape.weights_1 + j * ${classes}u + ${k}u];`)}
${each(count, (r) => each(classes, (k) => `    z_${r}_${k} = accumulate(z_${r}_${k}, h_${r}, v_${k});`))}
  }
${each(classes, (k) => `  let c_${k} = parameters[shape.biases_1 + ${k}u];`)}
  let end = min(first + ${count}u, rows);
${each(count, (r) => {
  const store = each(classes, (k) => `    ${into}[at_${r} + ${k}u] = add(settle(z_${r}_${k}), c_${k});`);
  return `  let at_${r} = (first + ${r}u) * ${classes}u;\n  if (first + ${r}u < end) {\n${store}\n  }`;
})}
}
`;
}

/**
 * The function `forward(first, rows)`, which computes the gradient of the mean loss on the logits
 * (the notes' dscores) for `count` rows from `first` on, in `dscores`.
 *
 * Needs everything that {@link narrowLogits} needs, and the answers of the loss; with class
 * weights also {@link narrowShape} with them.
 */
export function narrowForward(network: NarrowNetwork, count: number): string {
  const { classes, loss, weightWords } = network;
  const { call, text } = loss.narrow(
    classes,
    weightWords && 'divide(class_weight(label), step.total_weight)',
  );
  return wgsl`
${narrowLogits(network, count, 'dscores')}
fn forward(first: u32, rows: u32) {
  logits(first, rows);
  let end = min(first + ${count}u, rows);
  for (var row = first; row < end; row++) { ${call} }
}

${classWeight(weightWords)}
${text}
`;
}

/**
 * The functions `backward(first, rows)`, which computes the gradients of `count` hidden units from
 * `first` on and updates the units, and `backward_biases(rows)`, which does the same for the biases
 * of the logits. Only one invocation reads and changes a unit's weights, bias and outgoing weights,
 * so that their gradients stay in registers. The unit's activations are computed again, which takes
 * less time than loading them. Gradients add up over rows in rising order, whatever the count. The
 * update is in a loop over an array of gradients, so that compilers, which inline the update, do so
 * once.
 *
 * Needs everything that {@link narrowForward} needs, and `apply_update`.
 */
export function narrowBackward({ features, classes, hidden, dropout }: NarrowNetwork, count: number): string {
  const activation = (u: number) => each(features, (f) => `x_${f}, w_${u}_${f}, `, '');
  const numbers = (hidden ? features + 1 : 0) + classes;
  const output = (u: number) => (dropout ? `g_${u}` : `h_${u}`);
  const gradient = (u: number) => (dropout ? `dropped(settle(sum_${u}), kept_${u})` : `settle(sum_${u})`);
  return wgsl`
fn backward(first: u32, rows: u32) {
  let units = shape.units;
${each(count, (u) => `  let j_${u} = min(first + ${u}u, units - 1u);`)}
${each(count, (u) => each(classes, (k) => `  var dv_${u}_${k} = real();`))}
#if ${hidden}
${each(count, (u) => each(features, (f) => `  let w_${u}_${f} = parameters[shape.weights_0 + ${f}u * units + j_${u}];`))}
${each(count, (u) => `  let b_${u} = parameters[shape.biases_0 + j_${u}];`)}
${each(count, (u) => each(classes, (k) => `  let v_${u}_${k} = parameters[shape.weights_1 + j_${u} * ${classes}u + ${k}u];`))}
${each(count, (u) => each(features, (f) => `  var dw_${u}_${f} = real();`))}
${each(count, (u) => `  var db_${u} = real();`)}
#endif
  for (var i = 0u; i < rows; i++) {
    let source = source_row(i);
#if ${dropout}
    let hash = row_hash_of(i);
#endif
${each(classes, (k) => `    let d_${k} = dscores[i * ${classes}u + ${k}u];`)}
#if ${hidden}
${each(features, (f) => `    let x_${f} = inputs[source * ${features}u + ${f}u];`)}
${each(
  count,
  (u) => `    let h_${u} = activation(${activation(u)}b_${u});
    var sum_${u} = real();
${each(classes, (k) => `    sum_${u} = accumulate(sum_${u}, d_${k}, v_${u}_${k});`)}
${dropout ? `    let kept_${u} = keeps(hash, j_${u});\n    let g_${u} = dropped(h_${u}, kept_${u});\n` : ''}    let dh_${u} = ${hidden?.gradient(gradient(u), `h_${u}`)};
${each(features, (f) => `    dw_${u}_${f} = accumulate(dw_${u}_${f}, x_${f}, dh_${u});`)}
    db_${u} = add(db_${u}, dh_${u});`,
)}
#else
${each(count, (u) => `    let h_${u} = inputs[source * units + j_${u}];`)}
#endif
${each(count, (u) => each(classes, (k) => `    dv_${u}_${k} = accumulate(dv_${u}_${k}, ${output(u)}, d_${k});`))}
  }
  var gradients: array<real, ${count * numbers}>;
#if ${hidden}
${each(count, (u) => each(features, (f) => `  gradients[${u * numbers + f}] = settle(dw_${u}_${f});`))}
${each(count, (u) => `  gradients[${u * numbers + features}] = db_${u};`)}
#endif
${each(count, (u) => each(classes, (k) => `  gradients[${(u + 1) * numbers - classes + k}] = settle(dv_${u}_${k});`))}
  let end = min(first + ${count}u, units);
  for (var unit = first; unit < end; unit++) {
    for (var i = 0u; i < ${numbers}u; i++) { update_unit(unit, i, gradients[(unit - first) * ${numbers}u + i]); }
  }
}

// A unit's numbers are its weights, its bias and its outgoing weights; without a hidden layer, a
// feature's weights.
fn update_unit(unit: u32, i: u32, gradient: real) {
  var at = shape.weights_1 + unit * ${classes}u + i;
  var penalized = true;
#if ${hidden}
  if (i < ${features}u) {
    at = shape.weights_0 + i * shape.units + unit;
  } else if (i == ${features}u) {
    at = shape.biases_0 + unit;
    penalized = false;
  } else {
    at -= ${features + 1}u;
  }
#endif
  apply_update(at, gradient, penalized);
}

fn backward_biases(rows: u32) {
  var sums: array<real, ${classes}>;
  for (var i = 0u; i < rows; i++) {
${each(classes, (k) => `    sums[${k}] = add(sums[${k}], dscores[i * ${classes}u + ${k}u]);`)}
  }
  for (var k = 0u; k < ${classes}u; k++) { apply_update(shape.biases_1 + k, sums[k], false); }
}
`;
}
