import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { learnTexts } from '../../texts/learn/learn.ts';
import { ColumnHeads } from '../../ui/column-heads.tsx';
import { Scroll } from '../../ui/scroll.tsx';

/** The present numbers of a figure. */
export interface FigureTable {
  heads: readonly ComponentChildren[];
  /** The cells of each row; the first names the row. */
  rows: readonly (readonly ComponentChildren[])[];
}

interface Props {
  title: string;
  /** What is seen, and what can be done with it. */
  caption: ComponentChildren;
  /** The way with the keyboard, in one line. */
  keys: string;
  table: FigureTable;
  onReset: () => void;
  children: ComponentChildren;
}

/** What all figures of the article have around them. */
export function FigureFrame({ title, caption, keys, table, onReset, children }: Props) {
  const { figure: words } = learnTexts.value;
  const id = useId();
  return (
    <figure class="learn-figure" aria-labelledby={id}>
      <div class="title">
        <h4 id={id}>{title}</h4>
        <button type="button" class="small" onClick={onReset}>
          {words.reset}
        </button>
      </div>
      {children}
      <figcaption>
        <p>{caption}</p>
        <p class="keys">
          <b>{words.keys}:</b> {keys}
        </p>
        <details>
          <summary>{words.numbers}</summary>
          <Scroll label={`${words.numbers}: ${title}`}>
            <table aria-label={title}>
              <ColumnHeads names={table.heads} />
              <tbody>
                {table.rows.map(([name, ...cells], row) => (
                  <tr key={row}>
                    <th scope="row">{name}</th>
                    {cells.map((cell, column) => (
                      <td key={column}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </details>
      </figcaption>
    </figure>
  );
}
