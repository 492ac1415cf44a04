/**
 * The nonce of this very answer, which styles need that components bring with them. The library hands it to most of its styles; a few helpers (the one that measures a scroll bar)
 * make theirs without it, and the browser would refuse them: so every style element gets it when it is made. Scripts get nothing by this.
 */
export const nonce = document.querySelector<HTMLElement>('script[nonce], meta[property="csp-nonce"]')?.nonce;

if (nonce) {
  const create = document.createElement.bind(document) as (name: string, options?: ElementCreationOptions) => HTMLElement;
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const made = create(name, options);
    if (name === 'style') made.nonce = nonce;
    return made;
  }) as typeof document.createElement;
}
