import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Props {
  class: string;
  summary: string;
  /** Opens the part. It closes by a press alone, so that nothing closes under a person's hand. */
  opens: boolean;
  children: ComponentChildren;
}

/** A part that is one press away. */
export function Folded({ class: name, summary, opens, children }: Props) {
  const [open, setOpen] = useState(opens);
  useEffect(() => {
    if (opens) setOpen(true);
  }, [opens]);
  return (
    <details class={name} open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
