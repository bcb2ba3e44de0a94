import type { ComponentChildren } from 'preact';

/** A table's first row: what each column holds. */
export function ColumnHeads({ names }: { names: readonly ComponentChildren[] }) {
  return (
    <thead>
      <tr>
        {names.map((name, column) => (
          <th key={column} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}
