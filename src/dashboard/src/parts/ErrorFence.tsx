import { Button } from 'antd';
import { Component, type ReactNode } from 'react';
import { defineTexts } from '../app/texts';
import { State } from './States';

const texts = defineTexts(
  { title: 'Эта страница споткнулась', again: 'Загрузить заново' },
  { title: 'This page stumbled', again: 'Load it again' },
);

/** A page that throws does not take the menu with it. A page whose code was replaced by a newer version is loaded anew. */
export class ErrorFence extends Component<{ children: ReactNode }, { failure?: Error }> {
  override state: { failure?: Error } = {};

  static getDerivedStateFromError = (failure: Error): { failure: Error } => ({ failure });

  override render(): ReactNode {
    const { failure } = this.state;
    if (!failure) return this.props.children;
    return (
      <State title={texts.say('title')} why={failure.message}>
        <Button onClick={() => location.reload()}>{texts.say('again')}</Button>
      </State>
    );
  }
}
