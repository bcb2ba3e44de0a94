/** The shapes of a layer's products in a step over `rows` rows: its outputs, dW and dX. */
export function layerProducts(sizes: readonly number[], layer: number, rows: number) {
  const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
  const isLast = layer === sizes.length - 2;
  return {
    outputs: {
      label: isLast ? 'logits' : `hidden ${layer}`,
      shape: { form: 'nn', m: rows, k: fanIn, n: fanOut },
    },
    dWeights: { label: `dweights ${layer}`, shape: { form: 'tn', m: fanIn, k: rows, n: fanOut } },
    dInputs: { label: `dhidden ${layer - 1}`, shape: { form: 'nt', m: rows, k: fanOut, n: fanIn } },
  } as const;
}
