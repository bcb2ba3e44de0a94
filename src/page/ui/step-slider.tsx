interface Props {
  label: string;
  /** The steps that can be shown, and the last step of the whole run. */
  first: number;
  end: number;
  max: number;
  shown: number;
  /** The shown step in words. */
  words: string;
  hint?: string;
  onShow: (step: number) => void;
}

/** Goes to any step of a run so far; steps to come are a part of the slider without a line. */
export function StepSlider({ label, first, end, max, shown, words, hint, onShow }: Props) {
  const share = (step: number) => (step - first) / Math.max(1, max - first);
  return (
    <input
      type="range"
      class="steps"
      aria-label={label}
      aria-valuetext={words}
      title={hint}
      min={first}
      max={max}
      step={1}
      value={shown}
      style={{ '--shown': share(shown), '--end': share(end) }}
      onInput={({ currentTarget }) => {
        const step = Math.min(Number(currentTarget.value), end);
        // The element itself would go on to steps that are not trained yet.
        currentTarget.value = String(step);
        if (step !== shown) onShow(step);
      }}
    />
  );
}
