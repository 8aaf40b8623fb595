import type { ComponentChildren } from 'preact';

/** Says at once that something did not work; an empty one says nothing. */
export function Problem({ children }: { children: ComponentChildren }) {
  return <div role="alert">{children ? <p class="problem">{children}</p> : null}</div>;
}
