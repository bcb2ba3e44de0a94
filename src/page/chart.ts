import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

/**
 * A chart in an element, as wide as it, in the colours of the theme.
 * @param key of what the options are made from: another one makes another chart
 */
export function useChart(
  key: unknown,
  options: (width: number) => uPlot.Options,
  data: uPlot.AlignedData,
): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const plot = new uPlot(options(element.clientWidth), data, element);
    chart.current = plot;
    const resize = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: plot.height }),
    );
    resize.observe(element);
    const theme = matchMedia('(prefers-color-scheme: dark)');
    const repaint = () => plot.redraw();
    theme.addEventListener('change', repaint);
    return () => {
      theme.removeEventListener('change', repaint);
      resize.disconnect();
      plot.destroy();
    };
  }, [key]);

  useEffect(() => {
    chart.current?.setData(data);
  }, [data]);

  return place;
}

/** What all axes have in common. */
export function axisStyle(): Pick<uPlot.Axis, 'stroke' | 'font' | 'labelFont' | 'grid' | 'ticks'> {
  return {
    stroke: () => colour('--quiet'),
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { stroke: () => colour('--line'), width: 1, size: 4 },
  };
}

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}
