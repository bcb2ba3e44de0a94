import { useEffect, useRef } from 'preact/hooks';
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
  const list = useRef<HTMLOListElement>(null);
  const chosen = () => list.current?.querySelector<HTMLElement>('[aria-pressed="true"]');
  useEffect(() => {
    const [box, button] = [list.current, chosen()];
    if (!box || !button) return;
    // The list alone scrolls, and not the page.
    const [frame, seen] = [box.getBoundingClientRect(), button.getBoundingClientRect()];
    box.scrollTop += Math.min(0, seen.top - frame.top) + Math.max(0, seen.bottom - frame.bottom);
    if (box.contains(document.activeElement)) button.focus({ preventScroll: true });
  }, [at]);
  return (
    <section class="operations" aria-labelledby="operations-title">
      <h2 id="operations-title">{words.title}</h2>
      <ol
        ref={list}
        onKeyDown={(event) => {
          const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
          if (!by) return;
          event.preventDefault();
          onSelect(at + by);
        }}
      >
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
              <button
                type="button"
                aria-pressed={i === at}
                title={shapesOf(operation, shapes)}
                onClick={() => onSelect(i)}
              >
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
                  {fused && <span class="kernel">{words.sameKernel}</span>}
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
