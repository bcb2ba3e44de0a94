import { useEffect, useRef, useState } from 'preact/hooks';
import { learnTexts } from '../../texts/learn/learn.ts';
import { Lazy } from '../../ui/lazy.tsx';
import type { LoadFigure } from './figure.ts';

/** How far outside the window a figure begins to load, in heights of the window. */
const NEAR = '100% 0px';
/** A figure that only begins to come into the window is not seen yet. */
const SEEN = '0px 0px -20% 0px';

/** The place of a figure, whose code loads when the place comes near the window. */
export function FigurePlace({ load, title }: { load: LoadFigure; title: string }) {
  const place = useRef<HTMLDivElement>(null);
  const near = useCrossed(place, NEAR).ever;
  const { now: seen } = useCrossed(place, SEEN);
  return (
    <div ref={place} class="figure-place">
      {near ? (
        <Lazy load={load} properties={{ seen }} as="section" />
      ) : (
        <p class="hidden">{learnTexts.value.figure.waiting(title)}</p>
      )}
    </div>
  );
}

/** Whether an element lies within the window and a margin around it: now, and at any time so far. */
function useCrossed(element: { current: HTMLElement | null }, rootMargin: string) {
  const [now, setNow] = useState(false);
  const ever = useRef(false);
  ever.current ||= now;
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver(
      (entries) => setNow(entries[entries.length - 1].isIntersecting),
      { rootMargin },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return { now, ever: ever.current };
}
