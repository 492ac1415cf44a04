import { App, type FormInstance } from 'antd';
import { isProblem, type Problem } from '../api/client';
import { wordsOf } from './States';

/** What went wrong with a form or a button, told where it belongs: by the field that the service names, else as a message. */
export function useTelling(): (error: unknown, form?: FormInstance) => void {
  const { message } = App.useApp();
  return (error, form) => {
    const problem: Problem = isProblem(error) ? error : { status: 0 };
    const fields = Object.entries(problem.errors ?? {}).map(([name, errors]) => ({ name: name.split(/[.[\]]+/).filter(Boolean).map((part) => (/^\d+$/.test(part) ? Number(part) : part)), errors: [...errors] }));
    const known = form ? fields.filter((f) => form.getFieldInstance(f.name) !== undefined || form.getFieldValue(f.name) !== undefined) : [];
    if (known.length > 0) form?.setFields(known as Parameters<FormInstance['setFields']>[0]);
    if (known.length < Math.max(fields.length, 1)) void message.error(wordsOf(problem));
  };
}
