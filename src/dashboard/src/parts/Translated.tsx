import { Tooltip } from 'antd';

/** A sentence of the service in the reader's language. Its own words stay in the tooltip: people search for those, and show them to those who help. */
export function Translated({ of, as }: { of: string; as: string }) {
  return as === of ? (
    <span className="breakable">{of}</span>
  ) : (
    <Tooltip title={of}>
      <span className="breakable">{as}</span>
    </Tooltip>
  );
}
