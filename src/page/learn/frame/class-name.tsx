import { texts } from '../../texts/texts.ts';
import { Marker } from '../../ui/marker.tsx';

/** A class by its marker and its name, as a figure's table has it. */
export function ClassName({ label }: { label: number }) {
  return (
    <span class="class-name">
      <Marker label={label} /> {texts.value.regions.className(label)}
    </span>
  );
}
