import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useMedia } from '../../ui/media.ts';
import type { Space } from './folding.ts';

/** Where the parts of the view stand side by side, in as much height as the window has. */
const BESIDE = '(min-width: 56.26em)';

/**
 * The pixels that an element has, kept up to date.
 * @param alone the height where all stands in one column, and elements are as high as their content
 */
export function useSpace(element: RefObject<HTMLElement | null>, alone: number): Space {
  const beside = useMedia(BESIDE);
  const [space, setSpace] = useState<Space>({ width: 0, height: 0 });
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(
      ([
        {
          contentRect: { width, height },
        },
      ]) => {
        setSpace((before) =>
          before.width === width && before.height === height ? before : { width, height },
        );
      },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return beside ? space : { width: space.width, height: alone };
}
