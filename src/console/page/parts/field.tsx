import { useId } from 'preact/hooks';

/** A labelled line of text. */
export function Field({
  label,
  hint,
  value,
  set,
  isSecret = false,
  ...others
}: {
  label: string;
  hint?: string;
  name: string;
  value: string;
  set: (value: string) => void;
  isSecret?: boolean;
  autocomplete?: string;
  required?: boolean;
}) {
  const id = useId();
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        {...others}
        id={id}
        {...(isSecret ? ({ type: 'password' } as const) : ({ type: 'text' } as const))}
        value={value}
        spellcheck={false}
        autocapitalize="none"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <span id={`${id}-hint`} class="quiet">
          {hint}
        </span>
      )}
    </p>
  );
}
