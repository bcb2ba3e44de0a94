/**
 * The functions of dropout (Srivastava et al. 2014, inverted): `row_hash(layer, row)` of a row of the
 * data set, `keeps(hash, unit)`, and `dropped(value, kept)`, which is 0 for an output that the step
 * drops, and else the value divided by the share of outputs that are kept. The mask depends on seed,
 * step, layer, row and unit alone, as in `src/data/dropout.ts`, where the hash has its source.
 *
 * Needs `real` and the step struct as `step`.
 */
export const dropoutFunctions = `
fn mix_word(hash: u32, word: u32) -> u32 {
  var x = hash + word + 0x9e3779b9u;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}

fn row_hash(layer: u32, row: u32) -> u32 { return mix_word(mix_word(step.dropout_key, layer), row); }

fn keeps(hash: u32, unit: u32) -> bool { return mix_word(hash, unit) >= step.dropout_limit; }

fn dropped(value: real, kept: bool) -> real {
  if (!kept) { return real(); }
  return divide(value, step.dropout_keep);
}
`;
