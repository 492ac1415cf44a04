import { DeleteOutlined, EditOutlined } from '@ant-design/icons';
import { Button, Form, Modal, Popconfirm, type FormInstance, type FormItemProps } from 'antd';
import { useState, type ReactNode } from 'react';
import { defineTexts } from '../app/texts';
import { DayPicker } from './DayPicker';

const texts = defineTexts(
  { remove: 'Удалить: {{name}}', edit: 'Изменить: {{name}}', sure: 'Удалить?', yes: 'Удалить', no: 'Отмена', save: 'Сохранить', needed: 'Нужно заполнить', acts: 'Действия' },
  { remove: 'Delete: {{name}}', edit: 'Edit: {{name}}', sure: 'Delete?', yes: 'Delete', no: 'Cancel', save: 'Save', needed: 'This is needed', acts: 'Actions' },
);

export const useNeeded = (): { required: true; message: string } => ({ required: true, message: texts.use()('needed') });

/** A day in a form, as `2026-11-22`. */
export function DayItem(props: Omit<FormItemProps, 'children'>) {
  return (
    <Form.Item {...props}>
      <DayPicker />
    </Form.Item>
  );
}

export function RemoveButton({ name, sure, onRemove }: { name: string; sure?: ReactNode; onRemove: () => void }) {
  const t = texts.use();
  return (
    <Popconfirm title={t('sure')} description={sure} okText={t('yes')} cancelText={t('no')} okButtonProps={{ danger: true }} onConfirm={onRemove}>
      <Button type="text" size="small" danger icon={<DeleteOutlined />} aria-label={t('remove', { name })} />
    </Popconfirm>
  );
}

export function EditButton({ name, onEdit }: { name: string; onEdit: () => void }) {
  const t = texts.use();
  return <Button type="text" size="small" icon={<EditOutlined />} aria-label={t('edit', { name })} onClick={onEdit} />;
}

/** A form in a window. It closes when `onSave` comes to something. */
export function FormModal<T extends object>({ title, initial, onSave, onClose, children, width }: { title: ReactNode; initial: Partial<T>; onSave: (values: T, form: FormInstance) => Promise<unknown>; onClose: () => void; children: ReactNode; width?: number }) {
  const t = texts.use();
  const [form] = Form.useForm<T>();
  const [isBusy, setBusy] = useState(false);
  const send = async (values: T): Promise<void> => {
    setBusy(true);
    const isDone = await onSave(values, form as FormInstance).finally(() => setBusy(false));
    if (isDone) onClose();
  };
  return (
    <Modal open title={title} okText={t('save')} cancelText={t('no')} confirmLoading={isBusy} onOk={() => form.submit()} onCancel={onClose} width={width ?? 560}>
      <Form<T> form={form} layout="vertical" initialValues={initial} onFinish={(v) => void send(v)} requiredMark="optional">
        {children}
      </Form>
    </Modal>
  );
}

/** Fields side by side where there is room. */
export const Pair = ({ children }: { children: ReactNode }) => <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))', columnGap: 12 }}>{children}</div>;

/** The heading of a column of buttons. */
export const ActsTitle = () => <span className="visually-hidden">{texts.use()('acts')}</span>;
