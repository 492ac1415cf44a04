import { config } from './config';
import { send } from './leads';
import { doc, now, on, safe, win } from './page';
import { current } from './visit';

type Field = HTMLInputElement & { type: string; selectedOptions: HTMLCollectionOf<HTMLOptionElement> };

const seen = new WeakMap<Element, number>();
const busy = new WeakMap<Element, string>();

/** Notes when each form was first there. */
export const seeForms = (): void => doc.querySelectorAll('form').forEach((form) => seen.has(form) || seen.set(form, now()));

// Attributes, never properties: a field called "method" or "id" hides the form's own.
const attribute = (element: Element, name: string): string => element.getAttribute(name) || '';

const secondsOn = (form: Element): number => Math.round((now() - seen.get(form)!) / 1000) || 0;

/** mark, send or off: as the page says, else as the site is set, which leaves searches and logins alone. */
const mode = (form: Element): string => {
  const marked = form.closest('[data-leadingest]');
  const { forms } = config;
  if (marked) return attribute(marked, 'data-leadingest') || (forms == 'off' ? 'mark' : forms);
  return /^post$/i.test(attribute(form, 'method')) && !form.closest('[role=search]') && !form.querySelector('[type=password],[type=search]') ? forms : 'off';
};

const marks = (form: Element, put: (name: string, value: string) => void): void => {
  if (mode(form) != 'mark') return;
  const { visitorId: visitor, visitId: visit, landingPage: landing, landingReferrer: referrer } = current().known;
  Object.entries({ visitor, visit, landing, referrer, seconds: '' + secondsOn(form) }).forEach(([name, value]) => value && put('leadingest_' + name, value));
};

/** What the form says, by the fields' names; the service knows what the names mean. Passwords, cards and files stay on the page. */
const collect = (form: HTMLFormElement): Record<string, unknown> => {
  const fields: Record<string, any> = {};
  for (const field of Array.from(form.elements) as Field[]) {
    const { type, name } = field;
    const tick = /box|radio/.test(type);
    const label = ((field.labels && field.labels[0] && field.labels[0].textContent) || field.placeholder || '').trim();
    const kind = type == 'tel' ? 'phone' : type;
    const key = /phone|email/.test(kind) && !fields[kind] ? kind : name || label || field.id;
    if (
      !key ||
      !field.value ||
      field.disabled ||
      (tick && !field.checked) ||
      /submit|button|image|reset|password|file/.test(type) ||
      /^cc-/.test(field.autocomplete)
    )
      continue;
    // What was agreed to is the label's text.
    const values = field.selectedOptions
      ? Array.from(field.selectedOptions, (option) => option.value)
      : [(tick && field.value == 'on' && label) || field.value];
    fields[key] = (fields[key] || []).concat(values);
  }
  return fields;
};

const take = (form: HTMLFormElement): void => {
  const fields = collect(form);
  const same = JSON.stringify(fields);
  // A second click; other words would be another lead.
  if (busy.get(form) == same) return;
  busy.set(form, same);
  send({
    fields,
    formId: attribute(form, 'id'),
    formName: attribute(form, 'name'),
    filledInSeconds: secondsOn(form),
  }).then(
    safe((outcome) => {
      busy.delete(form);
      const { ok } = outcome;
      if (ok) HTMLFormElement.prototype.reset.call(form);
      form.dispatchEvent(new CustomEvent('leadingest:' + (ok ? 'sent' : 'failed'), { bubbles: true, detail: outcome }));
      const thanks = ok && attribute(form, 'data-leadingest-thanks');
      if (!thanks) return;
      if (/^(https?:\/)?\//i.test(thanks)) location.assign(thanks);
      else doc.querySelector<HTMLElement>(thanks)!.hidden = false;
    }),
  );
};

export const watchForms = (): void => {
  seeForms();
  // First of all, so that a script which reads the form at its submit reads the marks too.
  on(
    win,
    'submit',
    ({ target }) =>
      marks(target, (name, value) => {
        let input = target.querySelector(`[name=${name}]`);
        if (!input) {
          input = doc.createElement('input');
          input.type = 'hidden';
          input.name = name;
          target.appendChild(input);
        }
        input.value = value;
      }),
    true,
  );
  // form.submit() tells nobody of a submit, but its data pass here.
  on(win, 'formdata', ({ target, formData }) => marks(target, (name, value) => formData.set(name, value)));
  // Last of all: a page that stopped the submit had found a mistake or sent the form itself.
  on(win, 'submit', (event) => {
    if (mode(event.target) == 'send' && !event.defaultPrevented) {
      event.preventDefault();
      take(event.target);
    }
  });
};
