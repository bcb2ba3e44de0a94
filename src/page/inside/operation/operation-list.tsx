import type { Operation, TensorShape } from '../../../index.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { formatWhole } from '../../ui/format.ts';
import { Formula } from './formula.tsx';

interface Props {
  operations: readonly Operation[];
  /** The selected operation. */
  at: number;
  shapes: ReadonlyMap<string, TensorShape>;
  /** The tensors of the selected slot: operations that read or write them are marked. */
  marked: readonly string[];
  onSelect: (at: number) => void;
}

/** The step as a list of operations in the order in which they run. */
export function OperationList({ operations, at, shapes, marked, onSelect }: Props) {
  const { operations: words } = insideTexts.value;
  return (
    <section class="operations" aria-labelledby="operations-title">
      <h2 id="operations-title">{words.title}</h2>
      <ol>
        {operations.map((operation, i) => {
          const { name, phase, formula, reads, writes, kernels } = operation;
          const first = i === 0 || operations[i - 1].phase !== phase;
          const fused =
            i > 0 && kernels.length > 0 && kernels[0].label === operations[i - 1].kernels[0]?.label;
          const state = i < at ? 'done' : i === at ? 'now' : 'later';
          const touches = [...reads, ...writes].some((tensor) => marked.includes(tensor));
          return (
            <li key={name} class={`${state}${fused ? ' fused' : ''}${touches ? ' touches' : ''}`}>
              {first && <h3>{words.phases[phase]}</h3>}
              <button type="button" aria-pressed={i === at} onClick={() => onSelect(i)}>
                <span class="mark" aria-hidden="true">
                  {state === 'done' ? '✓' : state === 'now' ? '▸' : ''}
                </span>
                <span class="hidden">
                  {words.states[state]}
                  {touches && `, ${words.touches}`}
                </span>
                <span class="formula-line">
                  {formula.split('\n').map((part) => (
                    <Formula key={part} text={part} />
                  ))}
                  <span class="shapes">{shapesOf(operation, shapes)}</span>
                  <span class="kernel">
                    {fused ? words.sameKernel : kernels.map(({ label }) => label).join(', ') || words.cpu}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Shapes of the tensors that are read and written, such as `300×2, 2×100, 100 → 300×100`. */
function shapesOf(
  { reads, writes }: Pick<Operation, 'reads' | 'writes'>,
  shapes: ReadonlyMap<string, TensorShape>,
): string {
  const list = (names: readonly string[]) =>
    names
      .flatMap(
        (name) =>
          shapes
            .get(name)
            ?.shape.map((size) => formatWhole(size))
            .join('×') ?? [],
      )
      .join(', ');
  return [list(reads), list(writes)].filter(Boolean).join(' → ');
}
