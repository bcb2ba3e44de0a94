import type { Epilogue } from '../../../shaders/lib/epilogue.ts';
import type { UpdateRule } from '../../../shaders/lib/update-rule.ts';
import type { MatmulCandidate, MatmulShape } from './matmul.ts';

/** One of the matrix products that a step is made of. */
export interface Product {
  /** Such as `hidden 0` or `dweights 1`. */
  label: string;
  shape: MatmulShape;
  epilogue: Epilogue;
}

/** Kernels for some products, by {@link productKey}; every other is computed by the first of its candidates. */
export type KernelChoice = ReadonlyMap<string, MatmulCandidate>;

/** Equal for products that the same kernels compute at the same speed. */
export function productKey({ form, m, k, n }: MatmulShape, { bias, relu, mask, update }: Epilogue): string {
  const finish = [bias && 'bias', relu && 'relu', mask && 'mask', update];
  return [form, m, k, n, ...finish.filter(Boolean)].join(' ');
}

/** The first product of each kind. */
export function distinctProducts(products: readonly Product[]): Product[] {
  const keys = products.map(({ shape, epilogue }) => productKey(shape, epilogue));
  return products.filter((_, i) => keys.indexOf(keys[i]) === i);
}

/** What a layer computes in a step over `rows` rows: its outputs, dW and dX. */
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

/**
 * All products of a step over `rows` rows.
 * @param update how the plan `fused` updates parameters; without it, the plan is `layered`
 */
export function stepProducts(sizes: readonly number[], rows: number, update?: UpdateRule): Product[] {
  const last = sizes.length - 2;
  return sizes.slice(1).flatMap((_, layer) => {
    const { outputs, dWeights, dInputs } = layerProducts(sizes, layer, rows);
    return [
      { ...outputs, epilogue: { bias: true, relu: layer < last } },
      { ...dWeights, epilogue: { update } },
      // The inputs need no gradient.
      ...(layer > 0 ? [{ ...dInputs, epilogue: { mask: update !== undefined } }] : []),
    ];
  });
}
