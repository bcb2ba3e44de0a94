import type { ComponentChildren } from 'preact';

/** Content that may be wider than the element around it, which then scrolls. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard scrolling needs the focus
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
