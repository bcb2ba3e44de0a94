import type { Binding } from './kernel.ts';
import { each } from './text.ts';

/** A variable of a kernel: its name, how its buffer is used, and its type as WGSL. */
export type Variable = readonly [name: string, binding: Binding, type: string];

/**
 * The variables of a kernel, in the order of their numbers; an entry without a variable has no
 * number.
 */
export type Variables = readonly (Variable | false | undefined)[];

const SPACE: Record<Binding, string> = {
  read: 'storage, read',
  read_write: 'storage, read_write',
  uniform: 'uniform',
  step: 'uniform',
};

/** The declarations of a kernel's variables, and how their buffers are bound. */
export function bind(list: Variables): { declarations: string; bindings: Binding[] } {
  const variables = list.filter((variable) => variable !== undefined && variable !== false);
  return {
    declarations: each(variables.length, (i) => {
      const [name, binding, type] = variables[i];
      return `@group(0) @binding(${i}) var<${SPACE[binding]}> ${name}: ${type};`;
    }),
    bindings: variables.map(([, binding]) => binding),
  };
}
