import { useState } from 'preact/hooks';
import type { StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { ColumnHeads } from '../../ui/column-heads.tsx';
import { formatPercent, formatWhole } from '../../ui/format.ts';
import { Marker } from '../../ui/marker.tsx';
import { Scroll } from '../../ui/scroll.tsx';

/** The most classes of a table with wide cells, and of one that fits every window. */
const FEW = 6;
const FITTING = 10;

/** By how many rows and columns a key goes. */
const STEPS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

interface Props {
  title: string;
  /** `classes × classes`, row by true class. */
  counts: Uint32Array;
  data: StudyData;
  /** The number whose rows are shown. */
  chosen: { label: number; taken: number } | undefined;
  onChoose: (label: number, taken: number) => void;
}

/** The counts as a table, whose numbers can be pressed. The Tab key reaches one of them. */
export function Matrix({ title, counts, data, chosen, onChoose }: Props) {
  const { confusion: words } = laterTexts.value;
  const classes = Math.sqrt(counts.length);
  const all = Array.from({ length: classes }, (_, label) => label);
  const [kept, setKept] = useState(0);
  const reached = counts[kept] > 0 ? kept : counts.findIndex((count) => count > 0);
  const heading = (label: number) => (
    <>
      <Marker label={label} />
      <span class={data.classNames ? undefined : 'hidden'}>{classNameOf(data, label)}</span>
    </>
  );
  /** Goes from number to number, past zeros. */
  const onKeyDown = (event: KeyboardEvent, from: { label: number; taken: number }) => {
    const [down, right] = STEPS[event.key] ?? [];
    if (down === undefined) return;
    event.preventDefault();
    let { label, taken } = from;
    do {
      label += down;
      taken += right;
      if (Math.min(label, taken) < 0 || Math.max(label, taken) >= classes) return;
    } while (counts[label * classes + taken] === 0);
    const body = (event.currentTarget as HTMLElement).closest('tbody');
    body?.rows[label].cells[taken + 1].querySelector('button')?.focus();
  };
  const table = (
    <table class={classes > FEW ? 'matrix dense' : 'matrix'}>
      <caption>{title}</caption>
      <ColumnHeads names={[words.corner, ...all.map(heading)]} />
      <tbody>
        {all.map((label) => {
          const row = counts.subarray(label * classes, (label + 1) * classes);
          const sum = row.reduce((sum, count) => sum + count, 0);
          return (
            <tr key={label}>
              <th scope="row">{heading(label)}</th>
              {all.map((taken) => {
                const [count, at] = [formatWhole(row[taken]), label * classes + taken];
                return (
                  <td
                    key={taken}
                    class={taken === label ? 'right' : undefined}
                    style={{ '--share': sum > 0 ? row[taken] / sum : 0 }}
                    title={sum > 0 ? formatPercent(row[taken] / sum) : undefined}
                  >
                    {row[taken] > 0 ? (
                      <button
                        type="button"
                        tabIndex={at === reached ? 0 : -1}
                        aria-label={words.cell(count, classNameOf(data, label), classNameOf(data, taken))}
                        aria-pressed={chosen?.label === label && chosen.taken === taken}
                        onFocus={() => setKept(at)}
                        onClick={() => onChoose(label, taken)}
                        onKeyDown={(event) => onKeyDown(event, { label, taken })}
                      >
                        {count}
                      </button>
                    ) : (
                      count
                    )}
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
  return classes > FITTING ? <Scroll label={title}>{table}</Scroll> : table;
}
